import { compact, number, numberOrText, record, text } from "../../model/json.ts";
import type { Condition, Workload } from "../../model/pod.ts";
import { projectConditions } from "./condition.ts";
import { createdAt, labels, projectMap, projectRef, type TypeIdentity } from "./metadata.ts";

/** Projects a raw Deployment; accepts any JSON and never throws. */
export function projectDeployment(raw: unknown): Workload {
  const spec = record(raw, "spec");
  const strategy = record(spec, "strategy");
  return projectWorkload(raw, {
    type: { apiVersion: "apps/v1", kind: "Deployment" },
    strategy: text(strategy, "type") ?? "",
    maxUnavailable: numberOrText(record(strategy, "rollingUpdate"), "maxUnavailable"),
    rollingOut: isDeploymentRollingOut(raw),
  });
}

/** Projects a raw StatefulSet; accepts any JSON and never throws. */
export function projectStatefulSet(raw: unknown): Workload {
  const strategy = record(record(raw, "spec"), "updateStrategy");
  return projectWorkload(raw, {
    type: { apiVersion: "apps/v1", kind: "StatefulSet" },
    strategy: text(strategy, "type") ?? "",
    maxUnavailable: numberOrText(record(strategy, "rollingUpdate"), "maxUnavailable"),
    rollingOut: isStatefulSetRollingOut(raw),
  });
}

interface KindSpecific {
  readonly type: TypeIdentity;
  readonly strategy: string;
  readonly maxUnavailable: number | string | undefined;
  readonly rollingOut: boolean;
}

function projectWorkload(raw: unknown, specific: KindSpecific): Workload {
  const spec = record(raw, "spec");
  const status = record(raw, "status");
  return compact(
    {
      ref: projectRef(raw, specific.type),
      createdAt: createdAt(raw),
      replicas: desiredReplicas(raw),
      readyReplicas: number(status, "readyReplicas") ?? 0,
      updatedReplicas: number(status, "updatedReplicas") ?? 0,
      rollingOut: specific.rollingOut,
      templateLabels: labels(record(spec, "template")),
      selector: projectMap(record(spec, "selector"), "matchLabels"),
      strategy: specific.strategy,
      minReadySeconds: number(spec, "minReadySeconds") ?? 0,
      conditions: projectConditions(status),
    },
    { maxUnavailable: specific.maxUnavailable },
  );
}

/** The API server defaults an unset `spec.replicas` to 1. */
function desiredReplicas(raw: unknown): number {
  return number(record(raw, "spec"), "replicas") ?? 1;
}

/** True until the controller has seen the current template; an offline manifest has no status to be behind. */
function isUnobserved(raw: unknown): boolean {
  const observed = number(record(raw, "status"), "observedGeneration");
  return observed !== undefined && observed < (number(record(raw, "metadata"), "generation") ?? 0);
}

/**
 * The Progressing condition is what the deployment controller itself says: True until the new ReplicaSet is
 * available, then NewReplicaSetAvailable for good, and False once the progress deadline has passed. Counting
 * ready pods instead would call every crash a rollout.
 */
function isDeploymentRollingOut(raw: unknown): boolean {
  if (isUnobserved(raw)) return true;
  const status = record(raw, "status");
  const progressing = projectConditions(status).find((condition) => condition.type === "Progressing");
  if (progressing !== undefined) return isProgress(progressing);
  const updated = number(status, "updatedReplicas");
  return updated !== undefined && updated < (number(status, "replicas") ?? 0);
}

function isProgress(progressing: Condition): boolean {
  return progressing.status === "True" && progressing.reason !== "NewReplicaSetAvailable";
}

/** A StatefulSet replaces pods only down to its partition, and none by itself under OnDelete. */
function isStatefulSetRollingOut(raw: unknown): boolean {
  if (isUnobserved(raw)) return true;
  const status = record(raw, "status");
  const strategy = record(record(raw, "spec"), "updateStrategy");
  if (text(strategy, "type") === "OnDelete") return false;
  if (text(status, "currentRevision") === text(status, "updateRevision")) return false;
  const partition = number(record(strategy, "rollingUpdate"), "partition") ?? 0;
  return (number(status, "updatedReplicas") ?? 0) < desiredReplicas(raw) - partition;
}
