import type { LoadBalancer } from "../../../model/load-balancer.ts";
import { type BuiltObjects, builtObjects } from "../../gke/status-annotations.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID913",
  slug: "load-balancer-rewired",
  severity: "warning",
  symptoms: ["wrong-backend"],
  stage: "routing",
  reads: ["ingress", "loadBalancer", "settling"],
  rows: ["DRF-01"],
  summary: "A part of the load balancer leads to something that GKE did not put there.",
  why: "GKE connects forwarding rule, target proxy and URL map, and names them in the annotations. After a change in the console requests go another way than the Ingress says, until the next sync puts it back.",
  fix: "Undo the change, or touch the Ingress so that GKE does.",
  confirm: [
    "gcloud compute forwarding-rules describe FORWARDING_RULE --global --format='value(target)'",
    "gcloud compute target-http-proxies describe PROXY --format='value(urlMap)'",
  ],
  sources: ["ingress-gce: pkg/loadbalancers/l7.go (edgeHop)"],
  messages: {
    leads: "{kind} {name} of Ingress {ingress} leads to {found}, not to {wanted}, which GKE built for it.",
  },

  check({ ingress, loadBalancer, settling }, report) {
    if (settling.open || !report.knows(loadBalancer)) return;
    const { forwardingRules, targetProxies, urlMaps } = loadBalancer.value;
    if (!report.knows(forwardingRules) || !report.knows(targetProxies) || !report.knows(urlMaps)) return;
    for (const { kind, name, found, wanted } of linksOf(builtObjects(ingress), loadBalancer.value)) {
      if (found === undefined || wanted.length === 0 || wanted.includes(found)) continue;
      const parameters = { kind, name, found, wanted: wanted.join(" or "), ingress: ingress.ref.name };
      report("leads", { subject: ingress.ref }, parameters);
    }
  },
});

/** Where one part leads, undefined when the part is not there, and where it may. */
interface Link {
  readonly kind: string;
  readonly name: string;
  readonly found: string | undefined;
  readonly wanted: readonly string[];
}

function linksOf(built: BuiltObjects, live: LoadBalancer): readonly Link[] {
  const { forwardingRules, targetProxies, urlMaps } = live;
  const rules = forwardingRules.known ? forwardingRules.value : [];
  const proxies = targetProxies.known ? targetProxies.value : [];
  const redirects = (urlMaps.known ? urlMaps.value : []).filter((map) => map.redirectsToHttps);
  const target = (name = "") => rules.find((rule) => rule.name === name)?.target;
  const urlMap = (name = "") => proxies.find((proxy) => proxy.name === name)?.urlMap;
  const only = (name: string | undefined) => (name === undefined ? [] : [name]);
  const link = (kind: string, name = "", found: string | undefined, wanted: readonly string[]): Link => ({
    kind,
    name,
    found,
    wanted,
  });
  const { forwardingRule, httpsForwardingRule, targetProxy, httpsTargetProxy } = built;
  return [
    link("Forwarding rule", forwardingRule, target(forwardingRule), only(built.targetProxy)),
    link("Forwarding rule", httpsForwardingRule, target(httpsForwardingRule), only(built.httpsTargetProxy)),
    link("Target proxy", targetProxy, urlMap(targetProxy), [
      ...only(built.urlMap),
      ...redirects.map(({ name }) => name).sort(),
    ]),
    link("Target proxy", httpsTargetProxy, urlMap(httpsTargetProxy), only(built.urlMap)),
  ];
}
