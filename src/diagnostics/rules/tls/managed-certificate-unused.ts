import { managedCertificateNames } from "../../gke/ingress-annotations.ts";
import { defineRule } from "../../rule.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID812",
  slug: "managed-certificate-unused",
  severity: "warning",
  symptoms: ["tls"],
  stage: "ownership",
  reads: ["ingress", "ownership"],
  rows: ["TLS-13"],
  summary: "A managed certificate is asked for on an Ingress that cannot carry it.",
  why: "Managed certificates are global and work on GKE's external Ingress only. On an internal Ingress, or on one of another controller, they are never attached and so never issued.",
  fix: "Use a TLS Secret here, or move the hosts to an external GKE Ingress.",
  confirm: ["kubectl -n NAMESPACE get ingress INGRESS -o yaml"],
  sources: ["Google Cloud: Google-managed SSL certificates (external load balancers only)"],
  messages: {
    unused:
      "Ingress {name} names managed certificates ({certificates}), but {owner}, which never attaches them.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const names = managedCertificateNames(ingress);
    const owner = ownerOf(topology);
    if (names.length === 0 || owner === undefined) return;
    report(
      "unused",
      { subject: ingress.ref },
      { name: ingress.ref.name, certificates: [...names].sort().join(", "), owner },
    );
  },
});

function ownerOf({ ownership }: Topology): string | undefined {
  if (ownership.kind === "owned") {
    return ownership.product === "external"
      ? undefined
      : "it is served by an internal or regional load balancer";
  }
  // An Ingress of the class field is not served at all, which says more than this rule.
  return ownership.kind === "ignored" && ownership.because === "other-class"
    ? `its class ${ownership.value} belongs to another controller`
    : undefined;
}
