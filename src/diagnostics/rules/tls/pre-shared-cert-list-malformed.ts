import { PRE_SHARED_CERT_ANNOTATION, preSharedCertificates } from "../../gke/ingress-annotations.ts";
import { defineRule } from "../../rule.ts";

/** Names of Compute Engine resources (RFC 1035). */
const RESOURCE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

export default defineRule({
  code: "GID823",
  slug: "pre-shared-cert-list-malformed",
  severity: "warning",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress"],
  rows: ["TLS-08"],
  summary: "An entry of the pre-shared certificate list cannot be the name of a certificate.",
  why: "The annotation is a comma-separated list of SslCertificate names. A domain, a file name or a list with another separator names nothing, and Compute Engine refuses it.",
  fix: "List the names of SslCertificate resources, separated by commas.",
  confirm: ["gcloud compute ssl-certificates list"],
  sources: ["ingress-gce: pkg/annotations/ingress.go (UseNamedTLS)"],
  messages: {
    entry:
      "Entry {entry} of the pre-shared-cert annotation is no valid resource name, so Compute Engine refuses it.",
  },

  check({ ingress }, report) {
    const fieldPath = `metadata.annotations[${PRE_SHARED_CERT_ANNOTATION}]`;
    for (const entry of new Set(preSharedCertificates(ingress))) {
      if (RESOURCE_NAME.test(entry)) continue;
      report("entry", { subject: { ...ingress.ref, fieldPath } }, { entry });
    }
  },
});
