import { type Cluster, GATE } from "../cluster.ts";
import type { Moment } from "../fault.ts";
import { annotationsOf, reportHealth, usesNeg } from "../gke-controllers.ts";
import type { Deployment, Pod, StatefulSet } from "../raw-objects.ts";

export const OUTAGE = ["502", "degraded"];

export const always = () => true;

export const withNeg = (cluster: Cluster) => usesNeg(cluster.service);

export const hasDeployment = (cluster: Cluster) =>
  workloads(cluster).some(({ kind }) => kind === "Deployment");

/** The Service's health check is its own: no other port shares it through a BackendConfig. */
export const isPlain = (cluster: Cluster) =>
  annotationsOf(cluster.service)["cloud.google.com/backend-config"] === undefined;

export function workloads(cluster: Cluster): (Deployment | StatefulSet)[] {
  const selector = Object.entries(cluster.service.spec.selector ?? {});
  return [...cluster.all("Deployment"), ...cluster.all("StatefulSet")].filter(({ spec }) =>
    selector.every(([label, value]) => spec.template.metadata.labels[label] === value),
  );
}

export function pods(cluster: Cluster): Pod[] {
  return cluster.podsOf(cluster.service);
}

/** Google sees no healthy endpoint, or none at all. */
export function lose(cluster: Cluster, hasEndpoints = true): void {
  reportHealth(cluster, cluster.service, hasEndpoints || !withNeg(cluster) ? "UNHEALTHY" : "Unknown");
}

/** Google's checks of the first port fail. */
export function failFirstPort(cluster: Cluster, moment: Moment): void {
  const [port] = cluster.service.spec.ports;
  reportHealth(cluster, cluster.service, "UNHEALTHY", port);
  if (cluster.service.spec.ports.length === 1) timeOutGates(cluster, moment);
}

/** A gate that opened though no endpoint ever became healthy: the time ran out. */
export function timeOutGates(cluster: Cluster, { onset }: Moment): void {
  if (onset !== "at-creation") return;
  for (const pod of pods(cluster)) {
    const gate = pod.status.conditions.find(({ type }) => type === GATE);
    if (gate === undefined) continue;
    gate.reason = "LoadBalancerNegTimeout";
    gate.message =
      "Timeout waiting for pod to become healthy in at least one of the NEG(s): [x]. Marking condition to True.";
  }
}
