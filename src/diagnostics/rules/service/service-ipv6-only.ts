import { readOwnBackends } from "../../own-backends.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID417",
  slug: "service-ipv6-only",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["backends"],
  rows: [],
  summary: "A Service has IPv6 addresses only, for which GKE makes no network endpoint group.",
  why: "The NEG controller refuses a Service that has no IPv4 family. The group that the Ingress waits for is never made, so the sync of the whole Ingress fails.",
  fix: "Give the Service the IPv4 family, alone or in dual stack.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.spec.ipFamilies}'",
    "kubectl describe service SERVICE -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/neg/controller.go, processService"],
  messages: {
    refused:
      "Service {service} has the IP family {families} alone. GKE makes no network endpoint group for it, so no change of this Ingress is applied.",
  },

  check({ backends }, report) {
    for (const { backend, resolved } of readOwnBackends(backends, report)) {
      if (resolved?.mode !== "neg" || resolved.service.type === "ExternalName") continue;
      const { ref, ipFamilies } = resolved.service;
      if (ipFamilies.length === 0 || ipFamilies.includes("IPv4")) continue;
      report(
        "refused",
        { subject: { ...ref, fieldPath: "spec.ipFamilies" }, backend: backend.key },
        { service: ref.name, families: ipFamilies.join(", ") },
      );
    }
  },
});
