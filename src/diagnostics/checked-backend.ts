import type { Pod } from "../model/pod.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import type { EffectiveHealthCheck } from "./gke/health-check.ts";
import { readOwnBackends } from "./own-backends.ts";
import type { Report } from "./rule.ts";
import type { Backend } from "./topology.ts";

/** A backend with its health check and the pods that it is held against. */
export interface CheckedBackend {
  readonly backend: Backend;
  readonly resolved: ResolvedBackend;
  readonly check: EffectiveHealthCheck;
  readonly pods: readonly Pod[];
}

/**
 * The user's backends that GKE makes a health check for, with their live pods in order of name; unread pods or
 * BackendConfigs leave the rule undecided.
 */
export function checkedBackends(
  backends: readonly Backend[],
  report: Pick<Report<never>, "knows">,
): readonly CheckedBackend[] {
  const checked: CheckedBackend[] = [];
  for (const { backend, resolved } of readOwnBackends(backends, report)) {
    const { livePods, healthCheck } = backend;
    if (resolved === undefined || !report.knows(livePods) || !report.knows(healthCheck)) continue;
    const check = healthCheck.value;
    if (check !== undefined) checked.push({ backend, resolved, check, pods: livePods.value });
  }
  return checked;
}
