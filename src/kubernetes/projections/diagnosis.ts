import { compact, field, list, record, text } from "../../model/json.ts";
import type { StatusProjection, StoredDiagnosis } from "../../reconciler/ports.ts";
import { deletedAt, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "ingressdoctor.dev/v1alpha1", kind: "IngressDiagnosis" };

/** Projects a raw IngressDiagnosis, whose status `reduce` reads; accepts any JSON and never throws. */
export function projectDiagnosis(raw: unknown, reduce: StatusProjection): StoredDiagnosis {
  const metadata = record(raw, "metadata");
  const owner = list(metadata, "ownerReferences").find((entry) => text(entry, "kind") === "Ingress");
  return compact(
    {
      ref: projectRef(raw, TYPE),
      uid: text(metadata, "uid") ?? "",
      resourceVersion: text(metadata, "resourceVersion") ?? "",
      deleting: deletedAt(raw) !== undefined,
    },
    { ownerUid: text(owner, "uid"), status: reduce(field(raw, "status")) },
  );
}
