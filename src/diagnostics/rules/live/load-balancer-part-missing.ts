import type { Ingress } from "../../../model/ingress.ts";
import type { ForwardingRule, LoadBalancer } from "../../../model/load-balancer.ts";
import type { Observed } from "../../../model/observed.ts";
import { wantedFrontends } from "../../gke/frontends.ts";
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
    unbuilt:
      "Ingress {ingress} asks for {scheme}, and its load balancer has no forwarding rule for port {port}, only for port {served}.",
  },

  check(topology, report) {
    const { ingress, loadBalancer } = topology;
    if (topology.settling.open || !report.knows(loadBalancer)) return;
    for (const [kind, name, collection] of partsOf(topology.ingress, loadBalancer.value)) {
      if (name === undefined || !report.knows(collection)) continue;
      if (collection.value.some((part) => part.name === name)) continue;
      report("missing", { subject: ingress.ref }, { kind, name, ingress: ingress.ref.name });
    }
    if (!report.knows(loadBalancer.value.forwardingRules)) return;
    for (const frontend of unbuiltFrontends(ingress, loadBalancer.value.forwardingRules.value)) {
      const place = { subject: ingress.ref, symptoms: ["degraded"] } as const;
      report("unbuilt", place, { ...frontend, ingress: ingress.ref.name });
    }
  },
});

/** Frontends that were asked for and never built, where the other one was; one that is gone is named by its name. */
function unbuiltFrontends(ingress: Ingress, rules: readonly ForwardingRule[]) {
  const wanted = wantedFrontends(ingress);
  const built = builtObjects(ingress);
  const served = [...new Set(rules.map(({ port }) => port))].sort((a, b) => a - b);
  const frontends = [
    { scheme: "HTTP", port: 80, isMissing: wanted.http && built.forwardingRule === undefined },
    { scheme: "HTTPS", port: 443, isMissing: wanted.https && built.httpsForwardingRule === undefined },
  ];
  if (served.length === 0) return [];
  return frontends
    .filter(({ port, isMissing }) => isMissing && !served.includes(port))
    .map(({ scheme, port }) => ({ scheme, port, served: served.join(", ") }));
}

type Part = readonly [kind: string, name: string | undefined, Observed<readonly { readonly name: string }[]>];

function partsOf(ingress: Ingress, live: LoadBalancer): readonly Part[] {
  const built = builtObjects(ingress);
  return [
    ["Forwarding rule", built.forwardingRule, live.forwardingRules],
    ["Forwarding rule", built.httpsForwardingRule, live.forwardingRules],
    ["Target proxy", built.targetProxy, live.targetProxies],
    ["Target proxy", built.httpsTargetProxy, live.targetProxies],
    ["URL map", built.urlMap, live.urlMaps],
  ];
}
