import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID111",
  slug: "balancing-mode-conflict",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  reads: ["sync", "backends", "ingress"],
  rows: ["SYN-09"],
  summary: "An instance group is used in two balancing modes.",
  why: "All backend services that share an instance group need the same balancing mode. GKE uses RATE; a backend service made by hand with UTILIZATION on the same group makes Compute Engine refuse every change.",
  fix: "Set the balancing mode of the other backend service on this instance group to RATE.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute backend-services list --format='table(name,backends[].group,backends[].balancingMode)'",
  ],
  sources: [
    "Google Cloud: Troubleshoot external Application Load Balancers",
    "ingress-gce: pkg/backends/ig_linker.go",
  ],
  messages: {
    conflict:
      "Two backend services use one instance group in different balancing modes, so {effect}: {text}.",
  },

  check(topology, report) {
    const errors = currentErrors(topology, report, "balancing-mode-conflict");
    for (const { place, effect, text } of errors) report("conflict", place, { effect, text });
  },
});
