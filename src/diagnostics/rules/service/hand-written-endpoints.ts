import type { Endpoint } from "../../../model/service.ts";
import type { ResolvedBackend } from "../../gke/backend.ts";
import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import { listed } from "../../text.ts";

export default defineRule({
  code: "GID418",
  slug: "hand-written-endpoints",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends", "nodes"],
  rows: ["SVC-09"],
  summary: "A Service without a selector has no endpoint that can be a network endpoint.",
  why: "A network endpoint is a pod on a node. The NEG controller leaves out addresses that an EndpointSlice gives without the pod behind them, so the group of a Service with hand-written endpoints stays empty.",
  fix: "Give the Service a selector, or put a proxy Deployment in front of the addresses.",
  confirm: ["kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE -o yaml"],
  sources: ["ingress-gce pkg/neg/syncers/utils.go, toZoneNetworkEndpointMap"],
  messages: {
    podless:
      "Service {service} has no selector, and its endpoints {addresses} for port {port} name no pod. A network endpoint group takes pods only, so it stays empty.",
    none: "Service {service} has no selector, and no EndpointSlice carries an endpoint for port {port}.",
  },

  check({ backends, nodes }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (!isSelectorless(resolved) || !report.knows(backend.endpoints)) continue;
      const { service } = resolved;
      const { ready, notReady } = backend.endpoints.value;
      const endpoints = [...ready, ...notReady];
      const place = { subject: { ...service.ref, fieldPath: "spec.selector" }, backend: backend.key };
      const shown = { service: service.ref.name, port: portText(resolved.port) };
      if (endpoints.length === 0) {
        report("none", place, shown);
      } else if (resolved.mode === "neg" && report.knows(nodes)) {
        const known = new Set(nodes.value.map(({ ref }) => ref.name));
        if (!endpoints.every((endpoint) => isSkipped(endpoint, known))) continue;
        const addresses = endpoints.flatMap((endpoint) => endpoint.addresses).sort();
        report("podless", place, { ...shown, addresses: listed(addresses) });
      }
    }
  },
});

function isSelectorless(resolved: ResolvedBackend | undefined): resolved is ResolvedBackend {
  const service = resolved?.service;
  return service !== undefined && service.selector === undefined && service.type !== "ExternalName";
}

/** An endpoint without a known node does not go missing quietly: it stops the sync of the whole group. */
function isSkipped({ pod, nodeName }: Endpoint, nodes: ReadonlySet<string>): boolean {
  return pod === undefined && nodeName !== undefined && nodes.has(nodeName);
}
