import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID815",
  slug: "redirect-needs-v2-names",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends"],
  rows: ["FC-03"],
  summary: "The Ingress is too old for a redirect to HTTPS.",
  why: "Load balancers built before the second naming scheme cannot carry the redirect. The sync fails there, and no front end change is applied.",
  fix: "Reserve the address as a static one, then delete the Ingress and create it anew.",
  confirm: ["kubectl -n NAMESPACE get ingress INGRESS -o jsonpath='{.metadata.finalizers}'"],
  sources: ["ingress-gce: pkg/loadbalancers/url_maps.go (ensureRedirectURLMap)"],
  messages: {
    old: "{object} has a load balancer of the first naming scheme, which takes no redirect to HTTPS, so its sync stops.",
  },

  check(topology, report) {
    for (const { place, object } of currentErrors(topology, report, "redirect-needs-v2-names")) {
      report("old", place, { object });
    }
  },
});
