import type { RouteExplanation } from "./route.ts";

/**
 * Keeps, of the ways one request may take through several Ingresses, those that name its host best.
 *
 * Which load balancer a host name leads to is decided by DNS, so several may remain. None does where no Ingress
 * has a rule for the host, unless there is only one Ingress.
 */
export function closestRoutes<T extends { readonly explanation: RouteExplanation }>(
  explained: readonly T[],
): readonly T[] {
  const best = Math.max(...explained.map(closeness));
  return best > 0 || explained.length === 1 ? explained.filter((one) => closeness(one) === best) : [];
}

function closeness({
  explanation: { hostRule, nearMisses },
}: {
  readonly explanation: RouteExplanation;
}): number {
  if (hostRule?.kind === "exact") return 4;
  if (hostRule?.kind === "wildcard") return 3;
  if (hostRule?.kind === "catch-all") return 2;
  return nearMisses.length > 0 ? 1 : 0;
}
