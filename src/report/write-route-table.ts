import type { UrlTarget } from "../diagnostics/gke/match-url.ts";
import type { Frontend, RouteBackend, RouteInput } from "../diagnostics/route.ts";
import type { RouteTable, RouteTableBackend, RouteTableHost } from "./route-table.ts";

/** Writes what the route explainer needs to know as plain data. */
export function writeRouteTable<T extends UrlTarget>(input: RouteInput<T>): RouteTable {
  const targets = new Map<string, T>();
  const keyOf = (target: T): string => {
    const key = typeof target === "string" ? target : target.key;
    targets.set(key, target);
    return key;
  };
  const { table, product, frontends, frozen } = input;
  const hosts = table.hosts.map(
    ({ host, paths, fallback }, hostIndex): RouteTableHost => ({
      host,
      paths: paths.map(({ path, target }, pathIndex) => {
        const source = input.source(hostIndex, pathIndex);
        return { path, target: keyOf(target), ...(source === undefined ? {} : { source }) };
      }),
      ...(fallback === undefined ? {} : { fallback: keyOf(fallback) }),
    }),
  );
  const fallback = table.fallback === undefined ? {} : { fallback: keyOf(table.fallback) };
  const backends = [...targets].flatMap(([key, target]) => {
    const backend = input.backend(target);
    return backend === undefined ? [] : [[key, writeBackend(backend)] as const];
  });
  return {
    product,
    frontends: { http: writeFrontend(frontends.http), https: writeFrontend(frontends.https) },
    frozen,
    hosts,
    ...fallback,
    backends,
  };
}

function writeFrontend({ kind, finding }: Frontend): RouteTable["frontends"]["http"] {
  return finding === undefined ? { kind } : { kind, finding };
}

function writeBackend(backend: RouteBackend): RouteTableBackend {
  const { namespace, service, port, systemDefault, pods, serves, finding } = backend;
  return {
    namespace,
    service,
    port,
    systemDefault,
    ...(pods === undefined ? {} : { pods }),
    ...(serves === undefined ? {} : { serves }),
    ...(finding === undefined ? {} : { finding }),
  };
}
