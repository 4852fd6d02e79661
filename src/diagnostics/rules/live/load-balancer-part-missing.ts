import type { LoadBalancer } from "../../../model/load-balancer.ts";
import type { Observed } from "../../../model/observed.ts";
import { builtObjects } from "../../gke/status-annotations.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID905",
  slug: "load-balancer-part-missing",
  severity: "error",
  symptoms: ["no-load-balancer"],
  stage: "live",
  reads: ["ingress", "loadBalancer", "settling"],
  rows: ["DRF-03", "ADR-10"],
  summary: "A part of the load balancer that GKE built no longer exists.",
  why: "The status annotations name what the last successful sync built. When somebody deletes one of these resources, requests end there, until a later sync builds it anew.",
  fix: "Touch the Ingress, so that GKE builds the missing part again.",
  confirm: [
    "gcloud compute forwarding-rules list",
    "gcloud compute target-http-proxies list",
    "gcloud compute url-maps list",
  ],
  sources: ["ingress-gce: pkg/loadbalancers/l7.go (getFrontendAnnotations)"],
  messages: {
    missing:
      "{kind} {name}, which GKE built for Ingress {ingress}, does not exist any more, so requests do not get past it.",
  },

  check(topology, report) {
    const { ingress, loadBalancer } = topology;
    if (topology.settling.open || !report.knows(loadBalancer)) return;
    for (const [kind, name, collection] of partsOf(topology.ingress, loadBalancer.value)) {
      if (name === undefined || !report.knows(collection)) continue;
      if (collection.value.some((part) => part.name === name)) continue;
      report("missing", { subject: ingress.ref }, { kind, name, ingress: ingress.ref.name });
    }
  },
});

type Part = readonly [kind: string, name: string | undefined, Observed<readonly { readonly name: string }[]>];

function partsOf(ingress: Parameters<typeof builtObjects>[0], live: LoadBalancer): readonly Part[] {
  const built = builtObjects(ingress);
  return [
    ["Forwarding rule", built.forwardingRule, live.forwardingRules],
    ["Forwarding rule", built.httpsForwardingRule, live.forwardingRules],
    ["Target proxy", built.targetProxy, live.targetProxies],
    ["Target proxy", built.httpsTargetProxy, live.targetProxies],
    ["URL map", built.urlMap, live.urlMaps],
  ];
}
