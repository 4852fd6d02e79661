import type { Pod } from "../../../model/pod.ts";
import type { ObjectRef } from "../../../model/refs.ts";
import type { ServicePort } from "../../../model/service.ts";
import { checkedBackends } from "../../checked-backend.ts";
import { asksServingPort } from "../../health-check-faults.ts";
import { describeHealthCheck } from "../../health-check-text.ts";
import { servingContainers } from "../../pods/serving-containers.ts";
import { defineRule, type Place } from "../../rule.ts";
import { portText } from "../../service-port.ts";
import type { Backend } from "../../topology.ts";

export default defineRule({
  code: "GID618",
  slug: "grpc-health-check",
  severity: "warning",
  symptoms: ["502"],
  stage: "health",
  settles: true,
  reads: ["backends"],
  rows: ["HC-17", "APP-05"],
  summary: "Google's health check sends a plain GET to a gRPC server.",
  why: "Google's prober knows HTTP, HTTPS and HTTP2, not the gRPC health protocol, and a gRPC server answers a GET with an error. The load balancer reaches gRPC servers by HTTP2 only, which it speaks over TLS with ALPN h2; it speaks no HTTP2 in clear text.",
  fix: "Serve health on an HTTP port of its own and name port and path in a BackendConfig; give the gRPC port TLS and the protocol HTTP2 in the annotation cloud.google.com/app-protocols.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o yaml",
    "gcloud compute health-checks describe BACKEND_SERVICE --global",
  ],
  sources: [
    "Google Cloud documentation: HTTP/2 for load balancing with Ingress",
    "ingress-gce issues 18 and 1302",
  ],
  messages: {
    asked:
      "Port {port} of Service {service} is for gRPC ({evidence}), and Google's health check asks it {check}; Google reports the backend {health}.",
    clear:
      "Port {port} of Service {service} is for gRPC ({evidence}), and the load balancer speaks {protocol} to it, not HTTP2; Google reports the backend {health}.",
  },

  check({ backends }, report) {
    for (const checked of checkedBackends(backends, report)) {
      const { backend, resolved, check, pods } = checked;
      const { port, service, protocol } = resolved;
      if (backend.reportedHealth === "HEALTHY") continue;
      const evidence = evidenceIn(port, pods);
      if (evidence === undefined) continue;
      const place = placeOf(backend, service.ref);
      const health = backend.reportedHealth ?? "nowhere yet";
      const facts = { port: portText(port), service: service.ref.name, evidence, health };
      if (protocol !== "HTTP2") report("clear", place, { ...facts, protocol });
      else if (asksServingPort(checked))
        report("asked", place, { ...facts, check: describeHealthCheck(check) });
    }
  },
});

function placeOf({ key, reportedHealth }: Backend, subject: ObjectRef): Place {
  return { subject, backend: key, severity: reportedHealth === "UNHEALTHY" ? "warning" : "info" };
}

function evidenceIn(port: ServicePort, pods: readonly Pod[]): string | undefined {
  const { name = "", appProtocol = "" } = port;
  if (/(^|-)grpc($|-|\d)/.test(name)) return `it is named ${name}`;
  if (/\bgrpc\b/i.test(appProtocol)) return `its appProtocol is ${appProtocol}`;
  const probed = pods
    .flatMap((pod) => servingContainers(pod, { port }))
    .some(({ readinessProbe }) => readinessProbe?.kind === "grpc");
  return probed ? "pods have a gRPC readiness probe" : undefined;
}
