import type { Pod } from "../../model/pod.ts";
import type { Report } from "../rule.ts";
import type { Backend, Topology } from "../topology.ts";
import { NEG_READINESS_GATE } from "./pod-trouble.ts";

/** A backend whose traffic goes to pods, with the pods that exist to serve it, in order of name. */
export interface NegBackend {
  readonly backend: Backend;
  readonly pods: readonly Pod[];
}

/** The user's backends in NEG mode whose pods can be read; others make the rule undecided. */
export function negBackends(
  { backends }: Pick<Topology, "backends">,
  report: Pick<Report<Readonly<Record<string, string>>>, "knows">,
): readonly NegBackend[] {
  const found: NegBackend[] = [];
  for (const backend of backends) {
    const { origin, resolution, livePods } = backend;
    if (origin === "system-default" || !report.knows(resolution)) continue;
    if (resolution.value.backend?.mode !== "neg" || !report.knows(livePods)) continue;
    found.push({ backend, pods: livePods.value });
  }
  return found;
}

/** Why the readiness gate of a pod is as it is, in the NEG controller's word; empty without a gate or reason. */
export function negGateReason({ conditions }: Pod): string {
  return conditions.find(({ type }) => type === NEG_READINESS_GATE)?.reason ?? "";
}
