import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";

const PROBLEMS = {
  malformed: "certificate or key does not parse as PEM",
  "key-mismatch": "private key does not belong to the certificate",
  "key-size": "key is of a kind or size the load balancer does not accept",
  other: "certificate is not acceptable",
} as const;

export default defineRule({
  code: "GID804",
  slug: "tls-certificate-refused",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends"],
  rows: ["TLS-05", "TLS-06"],
  summary: "Compute Engine refuses the certificate of a TLS Secret.",
  why: "GKE uploads the Secret as an SSL certificate. A classic external load balancer takes RSA-2048 and ECDSA P-256 keys only, in PEM, with at most five certificates in the chain. When the upload is refused the HTTPS front end is not built and the sync stops.",
  fix: "Replace the Secret's tls.crt and tls.key by a matching PEM pair with an RSA-2048 or ECDSA P-256 key.",
  confirm: [
    "kubectl -n NAMESPACE get secret SECRET -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -text",
    "kubectl -n NAMESPACE describe ingress INGRESS",
  ],
  sources: [
    "ingress-gce: pkg/loadbalancers/certificates.go (createSslCertificates)",
    "Google Cloud: Quotas and limits of Cloud Load Balancing (key types)",
  ],
  messages: {
    refused:
      "Compute Engine refuses the certificate of {secrets}: its {problem}. Nothing of {object} changes until it is replaced.",
  },

  check(topology, report) {
    const secrets = topology.ingress.tls.flatMap(({ secretName }) =>
      secretName ? [`Secret ${secretName}`] : [],
    );
    for (const { cause, place, object } of currentErrors(topology, report, "certificate-refused")) {
      report("refused", place, {
        secrets: secrets.length === 0 ? "the Ingress" : secrets.join(" or "),
        problem: PROBLEMS[cause.problem],
        object,
      });
    }
  },
});
