import { negEffect } from "../../neg-state.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

/** Causes that no rule of their own reports, and that are no mistake in an object. */
const UNEXPLAINED = ["unrecognized", "resource-missing", "google-unavailable", "neg-missing"] as const;

/** Failures on Google's side that last less than this pass by themselves, in milliseconds. */
const PERSISTENT_MS = 15 * 60_000;

/** Texts that report no failure to fill a NEG: a retry that is under way, and a NEG that is being deleted. */
const HARMLESS = /retry handler is retrying|^failed to delete NEG/i;

export default defineRule({
  code: "GID701",
  slug: "neg-sync-failed",
  severity: "error",
  symptoms: ["502", "no-address", "stale"],
  stage: "endpoints",
  reads: ["backends", "ingress", "now", "sync"],
  rows: ["NEG-02"],
  summary: "The NEG controller fails on a Service, for a reason that no other rule explains.",
  why: "While the controller fails on a Service, pods come and go and its network endpoint groups keep the old ones. After 15 failures it stops trying until something changes. Requests then go to pods that are gone, and end in 502.",
  fix: "Correct what the controller's message names; if it has stopped trying, change or recreate the Service.",
  confirm: [
    "kubectl describe service SERVICE -n NAMESPACE",
    "kubectl get servicenetworkendpointgroups -n NAMESPACE -o yaml",
    "gcloud compute network-endpoint-groups list-network-endpoints NEG --zone ZONE",
  ],
  sources: ["ingress-gce pkg/neg/syncers/syncer.go", "kubernetes/ingress-gce issue 1357"],
  messages: {
    unmade: "The NEG controller cannot make the network endpoint groups of Service {service}: {text}.",
    stale:
      "The NEG controller cannot update the network endpoint groups of Service {service}, so they keep the endpoints they have: {text}.",
  },

  check(topology, report) {
    for (const { cause, place, text, since } of UNEXPLAINED.flatMap((kind) => [
      ...currentErrors(topology, report, kind),
    ])) {
      // What the Ingress itself reports is for the rules of its sync.
      if (place.subject.kind === "Ingress" || HARMLESS.test(text)) continue;
      if (cause.kind === "google-unavailable" && !topology.now.hasCome((since ?? 0) + PERSISTENT_MS))
        continue;
      const backend = topology.backends.find(({ key }) => key === place.backend);
      const effect = negEffect(backend);
      const facts = { service: backend?.serviceName ?? place.subject.name, text: text.replace(/\.+$/, "") };
      const unmade = effect.symptoms.includes("no-address") || effect.symptoms.includes("no-neg");
      report(unmade ? "unmade" : "stale", { ...place, ...effect }, facts);
    }
  },
});
