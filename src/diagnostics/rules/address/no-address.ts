import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID201",
  slug: "no-address",
  severity: "error",
  symptoms: ["no-address"],
  stage: "frontend-sync",
  consequence: true,
  settles: true,
  reads: ["ingress", "ownership", "sync"],
  rows: ["SYN-14"],
  summary: "The Ingress has no address.",
  why: "The address is written at the very end of a successful sync. Without it either no sync has ever gone through, or the front end could not be made; clients have nothing to connect to.",
  fix: "Correct what stops the sync; the controller then writes the address by itself.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE", "kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: ["ingress-gce: pkg/controller/controller.go, updateIngressStatus"],
  messages: {
    none: "Ingress {ingress} has no address in its status, so no client reaches it.",
  },

  check({ ingress, ownership, sync }, report) {
    if (ownership.kind !== "owned" || ingress.deletedAt !== undefined || ingress.addresses.length > 0) return;
    // A manifest that was never applied has no status, and so no address to miss.
    if (!sync.known && sync.reason === "offline" && !report.knows(sync)) return;
    report(
      "none",
      { subject: { ...ingress.ref, fieldPath: "status.loadBalancer" } },
      { ingress: ingress.ref.name },
    );
  },
});
