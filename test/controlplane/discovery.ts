import type { Kind } from "./kube-object.ts";

/** Where the objects of one kind live in the API. */
export interface Resource {
  /** Path of the group and version, such as `/apis/networking.k8s.io/v1`. */
  readonly base: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** Answers the parsed body, or undefined where the server answers 404. */
type Fetch = (path: string) => Promise<unknown>;

/** The server does not serve a kind, for example because its CRD is not installed. */
export class UnknownKindError extends Error {
  constructor(kind: Kind) {
    super(`the API server does not serve the kind ${kind}`);
    this.name = "UnknownKindError";
  }
}

/** Maps kinds to resources by asking the server; a kind not found is asked for again the next time. */
export class Discovery {
  readonly #fetch: Fetch;
  readonly #resources = new Map<Kind, Resource>();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async resource(kind: Kind): Promise<Resource> {
    const known = this.#resources.get(kind);
    if (known !== undefined) return known;
    await this.#load(kind.slice(0, kind.lastIndexOf("/")));
    const found = this.#resources.get(kind);
    if (found === undefined) throw new UnknownKindError(kind);
    return found;
  }

  async #load(apiVersion: string): Promise<void> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = (await this.#fetch(base)) as ResourceList | undefined;
    for (const { name, kind, namespaced } of list?.resources ?? []) {
      // Subresources such as "pods/status" carry kinds of their own.
      if (!name.includes("/"))
        this.#resources.set(`${apiVersion}/${kind}`, { base, plural: name, namespaced });
    }
  }
}

/** Path of one object, or of the collection when `name` is undefined. */
export function resourcePath(resource: Resource, namespace?: string, name?: string): string {
  const scope =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const last = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${resource.base}${scope}/${resource.plural}${last}`;
}
