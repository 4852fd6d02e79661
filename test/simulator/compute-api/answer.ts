import { RPCS, type Rpc } from "./api-description.ts";
import type { Resource, Resources } from "./resources.ts";

/** A request as far as the API looks at it. */
export interface ApiCall {
  readonly rpc: Rpc;
  /** Path below the API's root, without a custom verb: `projects/p/global/urlMaps/web`. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Status and JSON body of an answer. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

interface Route {
  readonly rpc: Rpc;
  readonly pattern: RegExp;
}

const ROOT = "/compute/v1/";
const CUSTOM_VERB = /\/(getHealth|listNetworkEndpoints)$/;

const ROUTES: readonly Route[] = RPCS.map((rpc) => ({
  rpc,
  pattern: new RegExp(`^${rpc.template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

/** Finds the RPC that a request means; undefined when the API has none. */
export function route(
  verb: string,
  url: URL,
): Pick<ApiCall, "rpc" | "path" | "parameters" | "query"> | undefined {
  for (const { rpc, pattern } of ROUTES) {
    const match = rpc.verb === verb ? pattern.exec(url.pathname) : null;
    if (match === null) continue;
    const path = url.pathname.slice(ROOT.length).replace(CUSTOM_VERB, "");
    return { rpc, path, parameters: { ...match.groups }, query: url.searchParams };
  }
  return undefined;
}

/** Answers a call from what Compute Engine holds, in pages of at most `pageSize`. */
export function answer(call: ApiCall, resources: Resources, pageSize: number): ApiAnswer {
  const method = call.rpc.name.split(".")[1];
  switch (method) {
    case "Get":
      return answerGet(call, resources);
    case "List":
      return { status: 200, body: page(call, resources.below(call.path), pageSize) };
    case "AggregatedList":
      return { status: 200, body: answerAggregated(call, resources, pageSize) };
    case "GetHealth":
      return answerHealth(call, resources);
    default:
      return answerEndpoints(call, resources, pageSize);
  }
}

/** Body that Compute Engine answers an error with; `reason` is one of its legacy reasons. */
export function errorBody(status: number, reason: string, message: string, details?: readonly object[]) {
  return {
    error: {
      code: status,
      message,
      errors: [{ message, domain: "global", reason }],
      ...(details === undefined ? {} : { details }),
    },
  };
}

function answerGet({ rpc, path, parameters }: ApiCall, resources: Resources): ApiAnswer {
  if (rpc.name === "Projects.Get") return { status: 200, body: resources.project(parameters.project ?? "") };
  const resource = resources.get(path);
  return resource === undefined ? notFound(path) : { status: 200, body: resource };
}

function answerAggregated(call: ApiCall, resources: Resources, pageSize: number): object {
  const collection = call.path.split("/").at(-1) ?? "";
  const all = resources.everywhere(call.parameters.project ?? "", collection);
  const { items, ...rest } = page(call, all, pageSize);
  const found = Map.groupBy(items, ({ scope }) => scope);
  const scopes = [...found].map(([scope, entries]) => [
    scope,
    { [collection]: entries.map(({ resource }): Resource => resource) },
  ]);
  const empty = found.has("global") ? [] : [["global", { warning: NO_RESULTS }]];
  return { ...rest, items: Object.fromEntries([...scopes, ...empty]) };
}

const NO_RESULTS = {
  code: "NO_RESULTS_ON_PAGE",
  message: "There are no results for scope 'global' on this page.",
  data: [{ key: "scope", value: "global" }],
};

function answerHealth({ path, body }: ApiCall, resources: Resources): ApiAnswer {
  const service = resources.get(path);
  if (service === undefined) return notFound(path);
  const { group } = (body ?? {}) as { readonly group?: unknown };
  const attached = (service.backends ?? []) as readonly { readonly group?: unknown }[];
  if (typeof group !== "string" || !attached.some((backend) => backend.group === group)) {
    const message = `Invalid value for field 'resource.group': '${String(group)}'.`;
    return { status: 400, body: errorBody(400, "invalid", message) };
  }
  return {
    status: 200,
    body: { kind: "compute#backendServiceGroupHealth", ...resources.health(path, group) },
  };
}

function answerEndpoints(call: ApiCall, resources: Resources, pageSize: number): ApiAnswer {
  if (resources.get(call.path) === undefined) return notFound(call.path);
  return { status: 200, body: page(call, resources.endpoints(call.path), pageSize) };
}

function notFound(path: string): ApiAnswer {
  const message = `The resource '${path}' was not found`;
  return { status: 404, body: errorBody(404, "notFound", message) };
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

function page<T>({ query }: ApiCall, all: readonly T[], pageSize: number): Page<T> {
  const start = Number(query.get("pageToken") ?? 0);
  const end = start + Math.min(Number(query.get("maxResults") ?? 500), pageSize);
  const items = all.slice(start, end);
  return end < all.length ? { items, nextPageToken: String(end) } : { items };
}
