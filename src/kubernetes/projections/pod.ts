import { compact, each, filledText, flag, list, number, record, text } from "../../model/json.ts";
import type { Pod } from "../../model/pod.ts";
import { isTrue, projectConditions } from "./condition.ts";
import { projectContainers, projectPendingInit } from "./container.ts";
import { createdAt, deletedAt, labels, projectRef } from "./metadata.ts";
import { sharedText, shareEqual } from "./sharing.ts";

const TYPE = { apiVersion: "v1", kind: "Pod" };

/** Projects a raw Pod; accepts any JSON and never throws. */
export function projectPod(raw: unknown): Pod {
  const metadata = record(raw, "metadata");
  const spec = record(raw, "spec");
  const status = record(raw, "status");
  const conditions = projectConditions(status);
  return compact(
    {
      ref: projectRef(raw, TYPE),
      uid: text(metadata, "uid") ?? "",
      createdAt: createdAt(raw),
      labels: labels(raw),
      phase: sharedText(status, "phase") ?? "",
      hostNetwork: flag(spec, "hostNetwork") ?? false,
      ready: isTrue(conditions, "Ready"),
      conditions,
      readinessGates: shareEqual(
        each(spec, "readinessGates", (gate) => sharedText(gate, "conditionType") ?? ""),
      ),
      containers: projectContainers(spec, status),
      terminationGracePeriodSeconds: number(spec, "terminationGracePeriodSeconds") ?? 30,
    },
    {
      deletedAt: deletedAt(raw),
      ip: filledText(status, "podIP"),
      nodeName: sharedText(spec, "nodeName") || undefined,
      owner: projectOwner(metadata),
      pendingInit: isTrue(conditions, "Initialized") ? undefined : projectPendingInit(spec, status),
    },
  );
}

function projectOwner(metadata: unknown): { readonly kind: string; readonly name: string } | undefined {
  const owner = list(metadata, "ownerReferences").find((entry) => flag(entry, "controller") === true);
  if (owner === undefined) return undefined;
  return Object.freeze({ kind: sharedText(owner, "kind") ?? "", name: sharedText(owner, "name") ?? "" });
}
