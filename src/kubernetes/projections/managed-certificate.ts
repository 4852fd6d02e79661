import type { ManagedCertificate } from "../../model/gke-config.ts";
import { compact, each, filledText, record, text, texts, time } from "../../model/json.ts";
import { createdAt, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "networking.gke.io/v1", kind: "ManagedCertificate" };

/** Projects a raw ManagedCertificate; accepts any JSON and never throws. */
export function projectManagedCertificate(raw: unknown): ManagedCertificate {
  const status = record(raw, "status");
  return compact(
    {
      ref: projectRef(raw, TYPE),
      createdAt: createdAt(raw),
      domains: texts(record(raw, "spec"), "domains"),
      status: text(status, "certificateStatus") ?? "",
      domainStatus: each(status, "domainStatus", (entry) =>
        Object.freeze({ domain: text(entry, "domain") ?? "", status: text(entry, "status") ?? "" }),
      ),
    },
    { certificateName: filledText(status, "certificateName"), expiresAt: time(status, "expireTime") },
  );
}
