import { FINALIZER_V1, FINALIZER_V2 } from "../../gke/ingress-class.ts";
import { defineRule } from "../../rule.ts";
import { timeText } from "../../time-text.ts";

/** Deleting a load balancer takes minutes; after this many milliseconds it is stuck. */
const DELETION_MS = 15 * 60_000;

export default defineRule({
  code: "GID010",
  slug: "stuck-deleting",
  severity: "error",
  symptoms: ["stuck-deleting"],
  stage: "deletion",
  reads: ["ingress", "sync", "now"],
  rows: ["STL-02"],
  summary: "The Ingress is being deleted, and GKE cannot remove its load balancer.",
  why: "The finalizer keeps the Ingress, and with it the namespace, until every resource of the load balancer is gone. Compute Engine refuses to delete a resource that something else uses, and without a running controller nobody deletes anything.",
  fix: "Remove what else uses the load balancer's resources; remove the finalizer by hand only when they are gone.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute url-maps list",
    "gcloud compute target-http-proxies list --format='table(name,urlMap)'",
  ],
  sources: ["ingress-gce: pkg/controller/controller.go, preSyncGC", "ingress-gce issue 471"],
  messages: {
    used: "Ingress {ingress} is being deleted since {since}, but {resource} is still used by {by}, so its load balancer and its finalizer stay.",
    refused:
      "Ingress {ingress} is being deleted since {since}, but GKE fails to delete its load balancer, so the finalizer stays: {text}.",
    silent:
      "Ingress {ingress} is being deleted since {since} and still carries finalizer {finalizer}, and no Event says why GKE does not finish.",
  },

  check({ ingress, sync, now }, report) {
    const { deletedAt, ref } = ingress;
    const finalizer = ingress.finalizers.find((name) => name === FINALIZER_V1 || name === FINALIZER_V2);
    if (deletedAt === undefined || finalizer === undefined || !report.knows(sync)) return;
    const place = { subject: { ...ref, fieldPath: "metadata.finalizers" } };
    const common = { ingress: ref.name, since: timeText(deletedAt) };
    const error = sync.value.errors.find(({ phase }) => phase !== "neg");
    if (error === undefined) {
      if (now.hasCome(deletedAt + DELETION_MS)) report("silent", place, { ...common, finalizer });
    } else if (error.cause.kind === "resource-in-use" && error.cause.resource && error.cause.by) {
      const { resource, by } = error.cause;
      report("used", place, { ...common, resource, by });
    } else if (error.phase === "garbage-collection" || now.hasCome(deletedAt + DELETION_MS)) {
      report("refused", place, { ...common, text: error.text });
    }
  },
});
