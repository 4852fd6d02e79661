import { MANAGED_CERTIFICATES_ANNOTATION, managedCertificateNames } from "../../gke/ingress-annotations.ts";
import { nearest } from "../../nearest.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID807",
  slug: "managed-certificate-missing",
  severity: "error",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "managedCertificates"],
  rows: ["TLS-14"],
  summary: "The Ingress names a ManagedCertificate that does not exist in its namespace.",
  why: "The managed certificate controller attaches certificates only once every ManagedCertificate in the annotation exists. Until then the load balancer has no certificate, and HTTPS is not served.",
  fix: "Create the ManagedCertificate in the namespace of the Ingress, or correct its name in the annotation.",
  confirm: ["kubectl -n NAMESPACE get managedcertificates"],
  sources: ["gke-managed-certs: pkg/controller/binder/binder.go"],
  messages: {
    missing:
      "ManagedCertificate {name} does not exist in namespace {namespace}, so no certificate is attached.",
    near: "ManagedCertificate {name} does not exist in namespace {namespace}, which has {near}, so no certificate is attached.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const { namespace } = ingress.ref;
    const wanted = managedCertificateNames(ingress);
    if (wanted.length === 0 || !report.knows(topology.managedCertificates)) return;
    const present = topology.managedCertificates.value
      .filter(({ ref }) => ref.namespace === namespace)
      .map(({ ref }) => ref.name)
      .sort();
    const fieldPath = `metadata.annotations[${MANAGED_CERTIFICATES_ANNOTATION}]`;
    for (const name of wanted.filter((one) => !present.includes(one))) {
      const place = { subject: { ...ingress.ref, fieldPath } };
      const [near] = nearest(present, name, 1);
      if (near === undefined) report("missing", place, { name, namespace });
      else report("near", place, { name, namespace, near });
    }
  },
});
