import { gkeTraces } from "../../gke/ingress-class.ts";
import { defineRule } from "../../rule.ts";
import { timeText } from "../../time-text.ts";

/** The controller reports on every Ingress at least every ten minutes; this is two of these rounds. */
const SILENCE_MS = 20 * 60_000;

/** Events are kept for an hour. */
const EVENT_TTL_MS = 60 * 60_000;

export default defineRule({
  code: "GID006",
  slug: "controller-not-running",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "ownership",
  reads: ["ingress", "ownership", "sync", "settling", "now"],
  rows: ["CLS-04", "CLS-06"],
  summary: "GKE's Ingress controller does not react to the Ingress.",
  why: "The controller sends an Event within seconds of seeing an Ingress, and then every ten minutes. Without the add-on HttpLoadBalancing it does not run at all, and after a crash of the managed control plane it may not either; nothing in the cluster says so.",
  fix: "Enable the add-on HttpLoadBalancing of the cluster; if it is enabled, open a support case with Google.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "kubectl get service default-http-backend --namespace kube-system",
    "gcloud container clusters describe CLUSTER --location LOCATION --format='value(addonsConfig.httpLoadBalancing)'",
  ],
  sources: [
    "Google Cloud: Troubleshooting GKE Ingress",
    "ingress-gce issues 605, 471",
    "gcpdiag gke/BP/2022_004",
  ],
  messages: {
    never:
      "GKE's Ingress controller has left no trace of Ingress {ingress}: no Event, no finalizer and no annotation since {created}.",
    stopped:
      "GKE's Ingress controller has sent no Event about Ingress {ingress} since it was changed at {changed}, so the change is not applied.",
  },

  check({ ingress, ownership, sync, settling, now }, report) {
    if (ownership.kind !== "owned" || ingress.deletedAt !== undefined || settling.open) return;
    if (!report.knows(sync)) return;
    const { lastEventAt, eventsDropped } = sync.value;
    const { ref, changedAt, createdAt } = ingress;
    if (lastEventAt === undefined && gkeTraces(ingress).length === 0 && ingress.addresses.length === 0) {
      report("never", { subject: ref }, { ingress: ref.name, created: timeText(createdAt) });
    } else if (
      !eventsDropped &&
      now.hasCome(changedAt + SILENCE_MS) &&
      !now.hasCome(changedAt + EVENT_TTL_MS) &&
      (lastEventAt ?? 0) < changedAt
    ) {
      const place = { subject: ref, severity: "warning", symptoms: ["stale"] } as const;
      report("stopped", place, { ingress: ref.name, changed: timeText(changedAt) });
    }
  },
});
