import { defineRule } from "../../rule.ts";
import { timeText } from "../../time-text.ts";

export default defineRule({
  code: "GID117",
  slug: "garbage-collection-failed",
  severity: "warning",
  symptoms: ["stale"],
  stage: "hygiene",
  reads: ["sync", "ingress"],
  rows: ["STL-02"],
  summary: "The controller cannot delete load balancer resources it no longer needs.",
  why: "Resources of an earlier state stay, cost money and use quota. An old forwarding rule may go on answering. The usual reason is that something outside the cluster uses one of them.",
  fix: "Remove what else uses the resource that the message names; the controller deletes it at the next sync.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute forwarding-rules list --filter='name~^k8s'",
  ],
  sources: ["ingress-gce: pkg/controller/controller.go, postSyncGC"],
  messages: {
    failed: "Since {since} GKE cannot delete resources that Ingress {ingress} no longer needs: {text}.",
  },

  check(topology, report) {
    const { ingress, sync } = topology;
    if (ingress.deletedAt !== undefined || !report.knows(sync)) return;
    for (const { phase, text, firstAt } of sync.value.errors) {
      if (phase !== "garbage-collection") continue;
      report(
        "failed",
        { subject: ingress.ref },
        { since: timeText(firstAt), ingress: ingress.ref.name, text },
      );
    }
  },
});
