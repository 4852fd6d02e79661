import type { Access, AccessReview } from "../model/access.ts";
import { flag, record, text, texts } from "../model/json.ts";
import type { ApiClient } from "./transport.ts";

/** A review is answered at once or not at all. */
const TIMEOUT_MS = 5000;

/** Questions to the API server at the same time, for one person. */
const AT_ONCE = 8;

/** What somebody has to be allowed to list in a namespace to be shown its diagnoses, which name its pods. */
const SHOWN = [
  { group: "ingressdoctor.dev", resource: "ingressdiagnoses" },
  { group: "", resource: "pods" },
];

/** Whom a token belongs to, in the words of a SubjectAccessReview. */
interface Subject {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: unknown;
}

/**
 * Lets the API server say whose a token is, and what its owner may read.
 *
 * Needs `create` on `tokenreviews` (authentication.k8s.io) and `subjectaccessreviews` (authorization.k8s.io). Tokens go to
 * the API server only, and are neither kept nor logged.
 */
export class TokenAccess implements AccessReview {
  readonly #client: Pick<ApiClient, "call">;

  constructor(client: Pick<ApiClient, "call">) {
    this.#client = client;
  }

  async check(token: string, namespaces: readonly string[]): Promise<Access> {
    try {
      const subject = await this.#review(token);
      if (subject === undefined) return { kind: "refused" };
      if (await this.#maySee(subject, "")) return { kind: "granted", mayRead: () => true };
      const readable = new Set<string>();
      for (let start = 0; start < namespaces.length; start += AT_ONCE) {
        const some = namespaces.slice(start, start + AT_ONCE);
        const answers = await Promise.all(some.map((namespace) => this.#maySee(subject, namespace)));
        for (const [index, namespace] of some.entries()) if (answers[index] === true) readable.add(namespace);
      }
      return { kind: "granted", mayRead: (namespace) => readable.has(namespace) };
    } catch {
      return { kind: "unavailable" };
    }
  }

  async #review(token: string): Promise<Subject | undefined> {
    const review = await this.#create("authentication.k8s.io", "TokenReview", "tokenreviews", { token });
    const status = record(review, "status");
    const user = record(status, "user");
    const name = text(user, "username");
    if (flag(status, "authenticated") !== true || name === undefined) return undefined;
    const uid = text(user, "uid");
    return {
      user: name,
      ...(uid === undefined ? {} : { uid }),
      groups: texts(user, "groups"),
      extra: record(user, "extra") ?? {},
    };
  }

  /** In all namespaces for an empty name. */
  async #maySee(subject: Subject, namespace: string): Promise<boolean> {
    const answers = await Promise.all(
      SHOWN.map((resource) => {
        const resourceAttributes = { ...resource, namespace, verb: "list" };
        const spec = { ...subject, resourceAttributes };
        return this.#create("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews", spec);
      }),
    );
    return answers.every((review) => flag(record(review, "status"), "allowed") === true);
  }

  #create(group: string, kind: string, plural: string, spec: unknown): Promise<unknown> {
    return this.#client.call({
      method: "POST",
      path: `/apis/${group}/v1/${plural}`,
      body: { apiVersion: `${group}/v1`, kind, spec },
      timeoutMs: TIMEOUT_MS,
    });
  }
}
