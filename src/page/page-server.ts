import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { BoundedServer } from "../http/bounded-server.ts";
import type { AccessReview, MayRead } from "../model/access.ts";
import { REPORT_POLICY } from "../report/render-report.ts";
import { SIGN_IN_POLICY, signInPage } from "./sign-in.ts";

/** What the page server shows, and to whom. */
export interface PageOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Undefined where whoever reaches the port may see everything, which only a loopback address justifies. */
  readonly access: AccessReview | undefined;
  readonly report: {
    namespaces(): readonly string[];
    render(mayRead: MayRead): Promise<string>;
  };
  /** Told of a defect, which the person at the page only hears about. */
  readonly failed: (error: unknown) => void;
}

/** A token of the API server has a few KiB. */
const MAX_BODY_BYTES = 16 * 1024;
const TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 50;

/** Requests that wait for their report; it is made for one after the other, as it takes a core's time. */
const MAX_WAITING = 8;

const REPORT_HEADER = `${REPORT_POLICY}; frame-ancestors 'none'`;

interface Answer {
  readonly status: number;
  readonly body: string;
  /** Content Security Policy; a page without one is plain text. */
  readonly policy?: string;
}

/**
 * Serves the report to people: read-only, and nothing but what the asking person may read in the cluster.
 *
 * Rejects when it cannot listen.
 */
export function startPageServer(options: PageOptions): Promise<BoundedServer> {
  const page = new Page(options);
  return BoundedServer.start({
    host: options.host,
    port: options.port,
    timeoutMs: TIMEOUT_MS,
    maxConnections: MAX_CONNECTIONS,
    respond: (request, response) => page.respond(request, response),
  });
}

/** The answers of the page, made one after the other. */
class Page {
  readonly #options: PageOptions;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PageOptions) {
    this.#options = options;
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, policy } = await this.#answer(request).catch((error: unknown) => {
      this.#options.failed(error);
      return plain(500, "internal error; the log of Ingress Doctor has more");
    });
    response.writeHead(status, {
      "content-type": `text/${policy === undefined ? "plain" : "html"}; charset=utf-8`,
      "content-security-policy": policy ?? "default-src 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...(status === 405 ? { allow: "GET, HEAD, POST" } : {}),
      ...(status === 503 ? { "retry-after": "5" } : {}),
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method = "" } = request;
    if (!["GET", "HEAD", "POST"].includes(method)) return plain(405, "method not allowed");
    if ((request.url ?? "").split("?", 1)[0] !== "/") return plain(404, "not found");
    const { access, report } = this.#options;
    if (access === undefined) {
      if (!isLocalName(request.headers.host)) return plain(403, "this page is reached as localhost only");
      return this.#inTurn(() => report.render(() => true));
    }
    const token = await tokenOf(request);
    if (token === undefined) return plain(413, "the request is too large");
    if (token === "") return { status: 200, body: signInPage(), policy: SIGN_IN_POLICY };
    return this.#inTurn(() => this.#renderFor(token, access));
  }

  async #renderFor(token: string, access: AccessReview): Promise<string | Answer> {
    const { report } = this.#options;
    const granted = await access.check(token, report.namespaces());
    if (granted.kind === "granted") return report.render(granted.mayRead);
    const isRefused = granted.kind === "refused";
    const problem = isRefused
      ? "The API server does not know this token, or it has expired."
      : "The API server could not be asked. Try again in a moment.";
    return { status: isRefused ? 401 : 503, body: signInPage(problem), policy: SIGN_IN_POLICY };
  }

  async #inTurn(make: () => Promise<string | Answer>): Promise<Answer> {
    if (this.#waiting >= MAX_WAITING) return plain(503, "busy; try again in a moment");
    this.#waiting += 1;
    const made = this.#turn.then(make).finally(() => {
      this.#waiting -= 1;
    });
    this.#turn = made.catch(() => undefined);
    const answer = await made;
    return typeof answer === "string" ? { status: 200, body: answer, policy: REPORT_HEADER } : answer;
  }
}

function plain(status: number, body: string): Answer {
  return { status, body: `${body}\n` };
}

/** The token of the Authorization header, else of the form; empty without one, undefined when too long. */
async function tokenOf(request: IncomingMessage): Promise<string | undefined> {
  const bearer = /^Bearer +([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  if (request.method !== "POST") return "";
  if (Number(request.headers["content-length"] ?? Number.NaN) <= MAX_BODY_BYTES) {
    return new URLSearchParams(await text(request)).get("token")?.trim() ?? "";
  }
  return undefined;
}

/** A page of another site whose name was made to point here would come with that name. */
function isLocalName(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? "");
}
