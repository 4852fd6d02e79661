import type { FrontendConfig } from "../../model/gke-config.ts";
import { compact, flag, record, text } from "../../model/json.ts";
import { createdAt, lastWriteAt, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "networking.gke.io/v1beta1", kind: "FrontendConfig" };

/** Projects a raw FrontendConfig; accepts any JSON and never throws. */
export function projectFrontendConfig(raw: unknown): FrontendConfig {
  const spec = record(raw, "spec");
  const redirect = record(spec, "redirectToHttps");
  return compact(
    {
      ref: projectRef(raw, TYPE),
      createdAt: createdAt(raw),
      changedAt: lastWriteAt(raw),
    },
    {
      sslPolicy: text(spec, "sslPolicy"),
      redirectToHttps:
        redirect &&
        compact(
          { enabled: flag(redirect, "enabled") ?? false },
          { responseCodeName: text(redirect, "responseCodeName") },
        ),
    },
  );
}
