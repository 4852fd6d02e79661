import type { Observed } from "../../model/observed.ts";
import type { Pod, Workload } from "../../model/pod.ts";

/** The Deployment or StatefulSet that made a pod; undefined when it is none, or could not be read. */
export function workloadOf(pod: Pod, workloads: Observed<readonly Workload[]>): Workload | undefined {
  const maker = makerOf(pod);
  if (maker === undefined || !workloads.known) return undefined;
  return workloads.value.find(({ ref }) => ref.kind === maker.kind && ref.name === maker.name);
}

/** True when a pod is of another revision than every pod of `others`, some of which its workload made, too. */
export function replacesOthers(pod: Pod, others: readonly Pod[]): boolean {
  const maker = makerOf(pod);
  if (maker === undefined) return false;
  const siblings = others.flatMap((other) => {
    const made = makerOf(other);
    return made !== undefined && made.kind === maker.kind && made.name === maker.name ? [made] : [];
  });
  return siblings.length > 0 && siblings.every(({ revision }) => revision !== maker.revision);
}

interface Maker {
  readonly kind: string;
  readonly name: string;
  readonly revision: string;
}

/** A Deployment names each ReplicaSet after itself and a hash of the pod template. */
function makerOf({ owner, labels }: Pod): Maker | undefined {
  if (owner?.kind === "StatefulSet") return { ...owner, revision: labels["controller-revision-hash"] ?? "" };
  const end = owner?.kind === "ReplicaSet" ? owner.name.lastIndexOf("-") : -1;
  if (owner === undefined || end <= 0) return undefined;
  return { kind: "Deployment", name: owner.name.slice(0, end), revision: owner.name };
}
