import { wantedFrontends } from "../../gke/frontends.ts";
import { ALLOW_HTTP_ANNOTATION, staticIp } from "../../gke/ingress-annotations.ts";
import { annotateFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID207",
  slug: "internal-protocols-need-static-ip",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership"],
  rows: ["ILB-04"],
  summary: "An internal Ingress serves HTTP and HTTPS without a reserved address.",
  why: "Two forwarding rules share an internal address only if it is reserved with purpose SHARED_LOADBALANCER_VIP. Without one the controller configures no front end at all.",
  fix: "Reserve a regional internal address with purpose SHARED_LOADBALANCER_VIP and name it in kubernetes.io/ingress.regional-static-ip-name, or switch HTTP off.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute addresses list --filter=purpose:SHARED_LOADBALANCER_VIP",
  ],
  sources: ["ingress-gce: pkg/loadbalancers/l7.go, edgeHop"],
  messages: {
    both: "Internal Ingress {ingress} serves HTTP and HTTPS and names no reserved address; GKE needs one that both can share, so it builds no front end.",
  },

  check({ ingress, ownership }, report) {
    if (ownership.kind !== "owned" || ownership.product !== "internal" || ingress.deletedAt !== undefined)
      return;
    const { http, https } = wantedFrontends(ingress);
    if (!http || !https || staticIp(ingress).kind !== "none") return;
    const fix = {
      summary:
        "Switch HTTP off, or reserve a shared internal address and name it in kubernetes.io/ingress.regional-static-ip-name.",
      ...annotateFix(ingress.ref, { [ALLOW_HTTP_ANNOTATION]: "false" }),
    };
    report("both", { subject: ingress.ref, fix }, { ingress: ingress.ref.name });
  },
});
