import { classFix } from "../../ingress-class-fix.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";

export default defineRule({
  code: "GID005",
  slug: "ingress-class-changed",
  severity: "error",
  symptoms: ["no-load-balancer"],
  stage: "ownership",
  reads: ["ingress", "ownership"],
  rows: ["CLS-10", "STL-04"],
  summary: "GKE once built a load balancer for the Ingress and has given it up, because the class changed.",
  why: "When the class stops being one of GKE's, the controller deletes the load balancer and its finalizer without an Event, but leaves its annotations and the old address on the Ingress. Clients of that address reach nothing, while the Ingress looks served.",
  fix: "Set the class back to gce, or delete the annotations that GKE left and let the other controller serve the Ingress.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE --output yaml",
    "gcloud compute forwarding-rules list --filter='IPAddress=ADDRESS'",
  ],
  sources: [
    "ingress-gce: pkg/utils/utils.go, NeedsCleanup",
    "ingress-gce: pkg/controller/controller.go, preSyncGC",
  ],
  messages: {
    deleted:
      "Ingress {ingress} has class {value}, which is none of GKE's, but still carries {leftovers} from GKE; GKE deletes the load balancer of such an Ingress, so {remains}.",
    served:
      "Ingress {ingress} has class {value} of {owner}, but still carries {leftovers} from GKE; address {address} is GKE's old one unless {owner} has replaced it.",
  },

  check({ ingress, ownership }, report) {
    if (ownership.kind !== "ignored" || ownership.leftovers.length === 0) return;
    const { value, likelyOwner } = ownership;
    const leftovers = listed(ownership.leftovers, 2);
    const { ref, addresses } = ingress;
    const address = addresses.join(", ");
    const remains = address === "" ? "nothing serves it" : `only its old address ${address} is left`;
    const place = { subject: { ...ref, fieldPath: "metadata.annotations" }, fix: classFix(ingress, "gce") };
    const parameters = { ingress: ref.name, value, leftovers };
    // Another controller overwrites the address, and no object shows which of the two wrote it.
    if (likelyOwner !== undefined && addresses.length > 0) {
      report("served", { ...place, severity: "warning" }, { ...parameters, address, owner: likelyOwner });
    } else {
      report("deleted", place, { ...parameters, remains });
    }
  },
});
