import type { UrlRequest } from "../diagnostics/gke/match-url.ts";
import type { Frontend, RouteBackend, RouteInput, RuleSource } from "../diagnostics/route.ts";

/**
 * A {@link RouteInput} as plain data, so that a page can hold it and follow URLs with the engine's own code.
 *
 * Texts are as the Ingress writes them: they are compared, and cleaned only where they are shown.
 */
export interface RouteTable {
  readonly product: RouteInput<string>["product"];
  readonly frontends: Readonly<Record<UrlRequest["scheme"], { kind: Frontend["kind"]; finding?: string }>>;
  readonly frozen: boolean;
  readonly hosts: readonly RouteTableHost[];
  /** Target of hosts that match no rule. */
  readonly fallback?: string;
  /** By target; pairs, because a target may be any text. */
  readonly backends: readonly (readonly [target: string, backend: RouteTableBackend])[];
}

/** One host rule. */
export interface RouteTableHost {
  readonly host: string;
  readonly paths: readonly { readonly path: string; readonly target: string; readonly source?: RuleSource }[];
  readonly fallback?: string;
}

/** A {@link RouteBackend} that leaves out what is not known. */
export interface RouteTableBackend
  extends Pick<RouteBackend, "namespace" | "service" | "port" | "systemDefault"> {
  readonly pods?: NonNullable<RouteBackend["pods"]>;
  readonly serves?: boolean;
  readonly finding?: string;
}

/** The input of the engine's route explainer that a table was written from. */
export function routeInputOf(table: RouteTable): RouteInput<string> {
  const backends = new Map(table.backends);
  const frontend = ({ kind, finding }: RouteTable["frontends"]["http"]): Frontend => ({ kind, finding });
  return {
    table: {
      hosts: table.hosts.map(({ host, paths, fallback }) => ({ host, paths, fallback })),
      fallback: table.fallback,
    },
    product: table.product,
    frontends: { http: frontend(table.frontends.http), https: frontend(table.frontends.https) },
    frozen: table.frozen,
    backend: (target) => {
      const backend = backends.get(target);
      if (backend === undefined) return undefined;
      const { pods, serves, finding } = backend;
      return { ...backend, pods, serves, finding };
    },
    source: (hostIndex, pathIndex) => table.hosts[hostIndex]?.paths[pathIndex]?.source,
  };
}
