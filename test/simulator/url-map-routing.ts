import type { UrlMap, UrlRedirect } from "./load-balancer-resources.ts";

/** Where a URL map sends a request. */
export type RoutingDecision =
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "redirect"; readonly redirect: UrlRedirect }
  | { readonly kind: "nowhere" };

/**
 * Decides by a URL map as Google documents it: the host rule first, for good; then an exactly equal path, else
 * the longest `/*` rule that covers it, else the default of the path matcher.
 *
 * @param host Host header as it arrived
 * @param stripsPort whether the product compares host names without the port; only the classic one does
 */
export function routeByUrlMap(map: UrlMap, host: string, url: string, stripsPort: boolean): RoutingDecision {
  const name = (stripsPort ? host.replace(/:\d+$/, "") : host).toLowerCase();
  const rule = [...(map.hostRules ?? [])]
    .flatMap(({ hosts, pathMatcher }) => hosts.map((pattern) => ({ pattern, pathMatcher })))
    .filter(({ pattern }) => covers(pattern, name))
    .sort((a, b) => rank(b.pattern) - rank(a.pattern))[0];
  if (rule === undefined) return fallback(map.defaultService, map.defaultUrlRedirect);
  const matcher = map.pathMatchers?.find((one) => one.name === rule.pathMatcher);
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const rules = (matcher?.pathRules ?? []).flatMap(({ paths, service }) =>
    paths.map((pattern) => ({ pattern, service })),
  );
  const chosen =
    rules.find(({ pattern }) => pattern === path) ??
    rules
      .filter(({ pattern }) => pattern.endsWith("/*") && path.startsWith(pattern.slice(0, -1)))
      .sort((a, b) => b.pattern.length - a.pattern.length)[0];
  return fallback(chosen?.service ?? matcher?.defaultService);
}

/** `*` stands for any run of letters, digits, dots and hyphens. */
function covers(pattern: string, name: string): boolean {
  const text = pattern.toLowerCase();
  if (text === "*") return true;
  if (!text.startsWith("*")) return text === name;
  const suffix = text.slice(1);
  return name.endsWith(suffix) && /^[-a-z0-9.]+$/.test(name.slice(0, name.length - suffix.length));
}

/** A host name beats every wildcard, and a longer wildcard a shorter one. */
function rank(pattern: string): number {
  return pattern.startsWith("*") ? pattern.length : 1000 + pattern.length;
}

function fallback(service: string | undefined, redirect?: UrlRedirect): RoutingDecision {
  if (service !== undefined) return { kind: "service", service };
  return redirect === undefined ? { kind: "nowhere" } : { kind: "redirect", redirect };
}
