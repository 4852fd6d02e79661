import { Agent, request } from "undici";
import { Discovery, resourcePath } from "./discovery.ts";
import { type Kind, type KubeObject, kindOf, type Manifest } from "./kube-object.ts";
import type { Connection } from "./kubeconfig.ts";
import { formatTable, type Table, type TableOptions } from "./table.ts";

const FIELD_MANAGER = "ingress-doctor-test";
const TABLE_TYPE = "application/json;as=Table;v=v1;g=meta.k8s.io";

/** An answer of the API server other than 2xx. */
export class ApiError extends Error {
  readonly statusCode: number;
  /** Reason of the `Status` object, such as `NotFound`; empty when the body was none. */
  readonly reason: string;

  constructor(statusCode: number, reason: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.statusCode = statusCode;
    this.reason = reason;
  }
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

export interface ListOptions {
  /** All namespaces when undefined. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** One change of a followed collection. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubeObject;
}

/**
 * HTTP client of the tests: whole objects in, whole objects out, no caches and no retries.
 *
 * Kinds are named `<apiVersion>/<kind>`; the namespace comes last because many objects have none.
 */
export class TestClient {
  readonly connection: Connection;
  readonly #agent: Agent;
  readonly #discovery: Discovery;

  constructor(connection: Connection) {
    this.connection = connection;
    this.#agent = new Agent({ connect: { ca: connection.ca }, bodyTimeout: 0 });
    this.#discovery = new Discovery((path) => this.#requestOrUndefined(path));
  }

  /** Answers the parsed body of a 2xx answer; throws {@link ApiError} otherwise. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const text = await this.requestText(method, path, options);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Like {@link request}, for bodies that are not JSON, such as `/metrics`. */
  async requestText(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const { statusCode, body } = await this.#send(method, path, options);
    const text = await body.text();
    if (statusCode >= 300) throw apiError(statusCode, text);
    return text;
  }

  async get<T = KubeObject>(kind: Kind, name: string, namespace?: string): Promise<T> {
    return (await this.request("GET", await this.path(kind, namespace, name))) as T;
  }

  /** Like {@link get}, with undefined for an object that does not exist. */
  async find<T = KubeObject>(kind: Kind, name: string, namespace?: string): Promise<T | undefined> {
    return (await this.#requestOrUndefined(await this.path(kind, namespace, name))) as T | undefined;
  }

  async list<T = KubeObject>(kind: Kind, options: ListOptions = {}): Promise<T[]> {
    const { items } = await this.#listPage(kind, options);
    const apiVersion = kind.slice(0, kind.lastIndexOf("/"));
    // Items of a list come without their type.
    return items.map((item) => ({ ...item, apiVersion, kind: kind.slice(apiVersion.length + 1) }) as T);
  }

  async create<T = KubeObject>(object: Manifest): Promise<T> {
    const path = await this.path(kindOf(object), object.metadata.namespace);
    return (await this.request("POST", path, { body: object })) as T;
  }

  /** Server-side apply; takes fields over from other managers. */
  async apply<T = KubeObject>(object: Manifest): Promise<T> {
    return (await this.request("PATCH", await this.#pathOf(object), applyOptions(object))) as T;
  }

  /** Server-side apply of the status subresource. */
  async applyStatus<T = KubeObject>(object: Manifest): Promise<T> {
    return (await this.request("PATCH", `${await this.#pathOf(object)}/status`, applyOptions(object))) as T;
  }

  /** Merge patch: `null` removes a field, lists are replaced as a whole. */
  async patch<T = KubeObject>(target: ObjectTarget, patch: unknown): Promise<T> {
    return (await this.request("PATCH", await this.#pathOf(target), mergeOptions(patch))) as T;
  }

  /** Merge patch of the status subresource; `patch` is `{status: ...}` and may carry annotations. */
  async patchStatus<T = KubeObject>(target: ObjectTarget, patch: unknown): Promise<T> {
    return (await this.request("PATCH", `${await this.#pathOf(target)}/status`, mergeOptions(patch))) as T;
  }

  /** Asks for deletion; an object that does not exist is fine. Finalizers may keep it for a while. */
  async delete(target: ObjectTarget, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background", ...options };
    try {
      await this.request("DELETE", await this.#pathOf(target), { body });
    } catch (error) {
      if (!(error instanceof ApiError) || error.statusCode !== 404) throw error;
    }
  }

  /** The lines `kubectl get` would print, from the server's Table. */
  async printTable(kind: Kind, options: ListOptions & TableOptions = {}): Promise<string> {
    const path = await this.path(kind, options.namespace);
    const table = await this.request("GET", path, { accept: TABLE_TYPE, query: selectors(options) });
    return formatTable(table as Table, { withNamespace: options.namespace === undefined, ...options });
  }

  /** A token of the ServiceAccount through the TokenRequest API, as a pod would get it. */
  async createToken(namespace: string, serviceAccount: string, lifetimeSeconds = 3_600): Promise<string> {
    const path = `${await this.path("v1/ServiceAccount", namespace, serviceAccount)}/token`;
    const body = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: lifetimeSeconds },
    };
    return ((await this.request("POST", path, { body })) as { status: { token: string } }).status.token;
  }

  /** Yields the current objects as ADDED and then every change, until `signal` aborts or the server ends it. */
  async *watch(
    kind: Kind,
    options: ListOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<WatchEvent> {
    const query = { ...selectors(options), watch: "true" };
    const path = await this.path(kind, options.namespace);
    const { statusCode, body } = await this.#send("GET", path, { query }, options.signal);
    if (statusCode >= 300) throw apiError(statusCode, await body.text());
    let rest = "";
    for await (const chunk of body.setEncoding("utf8")) {
      const lines = `${rest}${chunk as string}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as WatchEvent;
    }
  }

  /** A copy of the manifest placed in `namespace`; unchanged when undefined or when its kind has no namespaces. */
  async inNamespace(manifest: Manifest, namespace: string | undefined): Promise<Manifest> {
    if (namespace === undefined || !(await this.#discovery.resource(kindOf(manifest))).namespaced)
      return manifest;
    return { ...manifest, metadata: { ...manifest.metadata, namespace } };
  }

  /** URL path of the object or collection. */
  async path(kind: Kind, namespace?: string, name?: string): Promise<string> {
    return resourcePath(await this.#discovery.resource(kind), namespace, name);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #requestOrUndefined(path: string): Promise<unknown> {
    try {
      return await this.request("GET", path);
    } catch (error) {
      if (error instanceof ApiError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  async #pathOf(target: ObjectTarget): Promise<string> {
    return this.path(kindOf(target), target.metadata.namespace, target.metadata.name);
  }

  async #listPage(kind: Kind, options: ListOptions): Promise<{ items: object[] }> {
    const path = await this.path(kind, options.namespace);
    return (await this.request("GET", path, { query: selectors(options) })) as { items: object[] };
  }

  #send(method: string, path: string, options: RequestOptions, signal?: AbortSignal) {
    const query = new URLSearchParams(options.query).toString();
    return request(`${this.connection.url}${path}${query === "" ? "" : `?${query}`}`, {
      method: method as "GET",
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.connection.token}`,
        accept: options.accept ?? "application/json, */*",
        ...(options.body === undefined ? {} : { "content-type": options.contentType ?? "application/json" }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** What identifies one object; any API object will do. */
export interface ObjectTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function applyOptions(object: Manifest): RequestOptions {
  const query = { fieldManager: FIELD_MANAGER, force: "true" };
  return { body: object, query, contentType: "application/apply-patch+yaml" };
}

function mergeOptions(patch: unknown): RequestOptions {
  return { body: patch, contentType: "application/merge-patch+json" };
}

function selectors(options: ListOptions): Record<string, string> {
  const { labelSelector, fieldSelector } = options;
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

function apiError(statusCode: number, text: string): ApiError {
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(statusCode, status.reason ?? "", status.message ?? text);
  } catch {
    return new ApiError(statusCode, "", `HTTP ${statusCode}: ${text}`);
  }
}
