import type { ServiceNeg, ServiceNegZone } from "../../model/gke-config.ts";
import { compact, each, record, text, time } from "../../model/json.ts";
import { projectConditions } from "./condition.ts";
import { createdAt, deletedAt, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "networking.gke.io/v1beta1", kind: "ServiceNetworkEndpointGroup" };

/** Projects a raw ServiceNetworkEndpointGroup; accepts any JSON and never throws. */
export function projectServiceNeg(raw: unknown): ServiceNeg {
  const labels = record(record(raw, "metadata"), "labels");
  const status = record(raw, "status");
  return compact(
    {
      ref: projectRef(raw, TYPE),
      createdAt: createdAt(raw),
      service: text(labels, "networking.gke.io/service-name") ?? "",
      servicePort: text(labels, "networking.gke.io/service-port") ?? "",
      zones: each(status, "networkEndpointGroups", projectZone),
      conditions: projectConditions(status),
    },
    { deletedAt: deletedAt(raw), lastSyncAt: time(status, "lastSyncTime") },
  );
}

/** The zone is only in the resource's URL: `.../zones/ZONE/networkEndpointGroups/NAME`. */
function projectZone(group: object): ServiceNegZone {
  const segments = (text(group, "selfLink") ?? "").split("/");
  const at = segments.lastIndexOf("zones");
  return Object.freeze({
    zone: at < 0 ? "" : (segments[at + 1] ?? ""),
    state: text(group, "state") ?? "",
  });
}
