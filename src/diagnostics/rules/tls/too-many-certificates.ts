import { tlsSecretNames } from "../../gke/frontends.ts";
import { preSharedCertificates } from "../../gke/ingress-annotations.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

/** Compute SSL certificates per target proxy (Google Cloud: Quotas and limits of Cloud Load Balancing). */
const MAX_CERTIFICATES = 15;

export default defineRule({
  code: "GID806",
  slug: "too-many-certificates",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends"],
  rows: ["TLS-09"],
  summary: "The Ingress asks for more certificates than one target proxy takes.",
  why: "Every Secret of spec.tls and every pre-shared certificate becomes one SSL certificate of the HTTPS proxy, which takes 15. Compute Engine refuses a longer list, and the HTTPS front end stays as it was.",
  fix: "Combine hosts into fewer certificates with several names, or split the Ingress.",
  confirm: ["kubectl -n NAMESPACE get ingress INGRESS -o yaml"],
  sources: [
    "Google Cloud: Quotas and limits of Cloud Load Balancing",
    "ingress-gce: pkg/loadbalancers/target_proxies.go",
  ],
  messages: {
    counted:
      "Ingress {name} asks for {count} certificates, and a target proxy takes {max}, so no HTTPS front end is built.",
    reported:
      "Compute Engine refuses the list of certificates of {object} as too long, so no HTTPS front end is built.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const count = tlsSecretNames(ingress).length + preSharedCertificates(ingress).length;
    const reported = currentErrors(topology, report, "too-many-certificates");
    if (count > MAX_CERTIFICATES) {
      const { name } = ingress.ref;
      report("counted", { subject: ingress.ref }, { name, count, max: MAX_CERTIFICATES });
      return;
    }
    for (const { place, object } of reported) report("reported", place, { object });
  },
});
