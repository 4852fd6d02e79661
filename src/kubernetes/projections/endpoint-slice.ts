import { compact, each, filledText, flag, number, record, text, texts } from "../../model/json.ts";
import type { Endpoint, EndpointPort, EndpointSlice } from "../../model/service.ts";
import { createdAt, lastWriteAt, projectRef } from "./metadata.ts";
import { sharedText, shareEqual } from "./sharing.ts";

const TYPE = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };

/** Projects a raw EndpointSlice; accepts any JSON and never throws. */
export function projectEndpointSlice(raw: unknown): EndpointSlice {
  const labels = record(record(raw, "metadata"), "labels");
  return Object.freeze({
    ref: projectRef(raw, TYPE),
    createdAt: createdAt(raw),
    changedAt: lastWriteAt(raw),
    service: text(labels, "kubernetes.io/service-name") ?? "",
    managedBy: sharedText(labels, "endpointslice.kubernetes.io/managed-by") ?? "",
    addressType: sharedText(raw, "addressType") ?? "",
    ports: shareEqual(each(raw, "ports", projectPort)),
    endpoints: each(raw, "endpoints", projectEndpoint),
  });
}

function projectPort(entry: object): EndpointPort {
  return compact(
    { name: sharedText(entry, "name") ?? "", protocol: sharedText(entry, "protocol") ?? "TCP" },
    { port: number(entry, "port") },
  );
}

/** An unset `ready` means ready; an unset `serving` follows `ready` (Kubernetes EndpointConditions). */
function projectEndpoint(entry: object): Endpoint {
  const conditions = record(entry, "conditions");
  const ready = flag(conditions, "ready") ?? true;
  const target = record(entry, "targetRef");
  return compact(
    {
      addresses: texts(entry, "addresses"),
      ready,
      serving: flag(conditions, "serving") ?? ready,
      terminating: flag(conditions, "terminating") ?? false,
    },
    {
      nodeName: sharedText(entry, "nodeName") || undefined,
      zone: sharedText(entry, "zone") || undefined,
      pod: text(target, "kind") === "Pod" ? filledText(target, "name") : undefined,
    },
  );
}
