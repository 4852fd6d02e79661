import { compact, each, filledText, list, record, text } from "../../model/json.ts";
import type { Node } from "../../model/pod.ts";
import { isTrue, projectConditions } from "./condition.ts";
import { projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "v1", kind: "Node" };

/** Labels that keep a node out of load balancers (ingress-gce `pkg/utils/zonegetter/zone_getter.go`). */
const EXCLUDING_LABELS = [
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/exclude-from-external-load-balancers",
  "alpha.service-controller.kubernetes.io/exclude-balancer",
];

/** Projects a raw Node; accepts any JSON and never throws. */
export function projectNode(raw: unknown): Node {
  const spec = record(raw, "spec");
  const status = record(raw, "status");
  const labels = record(record(raw, "metadata"), "labels") ?? {};
  const provider = parseProviderId(text(spec, "providerID") ?? "");
  return compact(
    {
      ref: projectRef(raw, TYPE),
      ready: isTrue(projectConditions(status), "Ready"),
      hasPodCidr: filledText(spec, "podCIDR") !== undefined,
      excluded: EXCLUDING_LABELS.some((label) => Object.hasOwn(labels, label)),
      beingDeleted: list(spec, "taints").some(
        (taint) => text(taint, "key") === "ToBeDeletedByClusterAutoscaler",
      ),
      addresses: Object.freeze(each(status, "addresses", internalIp).filter(Boolean)),
    },
    {
      zone: provider?.zone,
      project: provider?.project,
      subnet: filledText(labels, "cloud.google.com/gke-node-pool-subnet"),
    },
  );
}

function internalIp(entry: object): string {
  return text(entry, "type") === "InternalIP" ? (text(entry, "address") ?? "") : "";
}

/** Only `gce://project/zone/name` tells a zone; anything else leaves it unknown, as in ingress-gce. */
function parseProviderId(id: string): { readonly project: string; readonly zone: string } | undefined {
  if (!id.startsWith("gce://")) return undefined;
  const [project, zone, name, ...rest] = id.slice("gce://".length).split("/");
  return project && zone && name && rest.length === 0 ? { project, zone } : undefined;
}
