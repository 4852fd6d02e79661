import { wantedFrontends } from "../../gke/frontends.ts";
import { ALLOW_HTTP_ANNOTATION, managedCertificateNames } from "../../gke/ingress-annotations.ts";
import { annotateFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID206",
  slug: "http-disabled-without-tls",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "settling"],
  rows: ["TLS-15"],
  summary: "HTTP is switched off, and no certificate is configured for HTTPS.",
  why: "With kubernetes.io/ingress.allow-http false and neither spec.tls nor a pre-shared certificate, no front end is left to build, and the controller stops with an error. A managed certificate counts only once its controller has written the pre-shared-cert annotation.",
  fix: "Configure a certificate in spec.tls, or allow HTTP again.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE --output yaml",
    "kubectl describe ingress INGRESS -n NAMESPACE",
  ],
  sources: ["ingress-gce: pkg/loadbalancers/l7.go, edgeHop"],
  messages: {
    none: 'Ingress {ingress} sets {annotation} to "{value}" and configures no certificate, so it has neither an HTTP nor an HTTPS front end.',
    managed:
      'Ingress {ingress} sets {annotation} to "{value}", and its managed certificates ({certificates}) have not been attached yet, so it has neither an HTTP nor an HTTPS front end.',
  },

  check({ ingress, ownership, settling }, report) {
    const { http, https } = wantedFrontends(ingress);
    if (ownership.kind !== "owned" || ingress.deletedAt !== undefined || http || https) return;
    const managed = managedCertificateNames(ingress);
    const annotation = ALLOW_HTTP_ANNOTATION;
    const place = {
      subject: { ...ingress.ref, fieldPath: `metadata.annotations[${annotation}]` },
      fix: annotateFix(ingress.ref, { [annotation]: "true" }),
    };
    const parameters = {
      ingress: ingress.ref.name,
      annotation,
      value: ingress.annotations[annotation] ?? "",
    };
    if (managed.length === 0) report("none", place, parameters);
    // The managed certificate controller needs a moment to attach what it finds.
    else if (!settling.open) report("managed", place, { ...parameters, certificates: managed.join(", ") });
  },
});
