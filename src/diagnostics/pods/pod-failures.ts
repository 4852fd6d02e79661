import type { ObjectRef } from "../../model/refs.ts";
import type { Place, Report } from "../rule.ts";
import type { Backend, Topology } from "../topology.ts";
import { type PodCensus, type TroubledPod, takeCensus } from "./pod-census.ts";
import type { PodTrouble } from "./pod-trouble.ts";
import { replacesOthers, workloadOf } from "./pod-workload.ts";

/** Pods of one backend that fail for the same kind of reason. */
export interface PodFailure {
  /**
   * - `outage`: no pod of the backend can answer;
   * - `rollout`: the pods of a new revision fail, those of the old one go on serving;
   * - `partial`: some pods fail, others serve.
   */
  readonly impact: "outage" | "rollout" | "partial";
  readonly backend: Backend;
  /** Blames the workload, or the pod where it belongs to none that could be read. */
  readonly place: Place;
  /** The failing pod that comes first by name. */
  readonly example: TroubledPod;
  /** Parameters that every message about failing pods uses. */
  readonly facts: {
    readonly service: string;
    /** `2 of 3`, of the pods that exist to serve. */
    readonly share: string;
    readonly able: number;
    /** E.g. `Deployment web`. */
    readonly workload: string;
  };
}

/**
 * Finds, for each backend of the user's own, the pods that fail for a reason that `wanted` picks.
 *
 * Records the rule as undecided where pods cannot be read. GKE's own default backend is left out: its pods are
 * not the user's.
 */
export function podFailures(
  { backends, now }: Pick<Topology, "backends" | "now">,
  report: Pick<Report<never>, "knows">,
  wanted: (trouble: PodTrouble) => boolean,
): readonly PodFailure[] {
  const failures: PodFailure[] = [];
  for (const backend of backends) {
    if (backend.origin === "system-default" || !report.knows(backend.pods)) continue;
    if (backend.pods.value.every(({ ready }) => ready)) continue;
    const census = takeCensus(backend.pods.value, now);
    const failing = census.failing.filter(({ trouble }) => wanted(trouble));
    const [example] = failing;
    if (example !== undefined) failures.push(podFailure(backend, census, [example, ...failing.slice(1)]));
  }
  return failures;
}

function podFailure(
  backend: Backend,
  { able, live }: PodCensus,
  failing: readonly [TroubledPod, ...TroubledPod[]],
): PodFailure {
  const [example] = failing;
  const impact =
    able.length === 0
      ? "outage"
      : failing.every(({ pod }) => replacesOthers(pod, able))
        ? "rollout"
        : "partial";
  const workload = workloadOf(example.pod, backend.workloads);
  const subject: ObjectRef = workload?.ref ?? example.pod.ref;
  return {
    impact,
    backend,
    example,
    place: { subject, backend: backend.key, ...IMPACT[impact] },
    facts: {
      service: backend.serviceName,
      share: `${failing.length} of ${live.length}`,
      able: able.length,
      workload: `${subject.kind} ${subject.name}`,
    },
  };
}

const IMPACT = {
  outage: { severity: "error", symptoms: ["502"] },
  rollout: { severity: "warning", symptoms: ["rollout-stuck"] },
  partial: { severity: "warning", symptoms: ["degraded"] },
} as const satisfies Readonly<Record<PodFailure["impact"], Partial<Place>>>;
