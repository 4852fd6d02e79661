import { PRE_SHARED_CERT_ANNOTATION } from "../../gke/ingress-annotations.ts";
import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { currentErrors } from "../../sync/current-errors.ts";

export default defineRule({
  code: "GID805",
  slug: "pre-shared-cert-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends", "ownership"],
  rows: ["TLS-07", "ILB-05"],
  summary: "A pre-shared certificate does not exist in Compute Engine, or has the wrong scope.",
  why: "The annotation names SslCertificate resources, not files or domains. An external Ingress needs global ones, an internal Ingress regional ones of its own region. When one is missing the HTTPS front end is not built and the sync stops.",
  fix: "Create the certificate in the scope the load balancer needs, or correct the name in the annotation.",
  confirm: ["gcloud compute ssl-certificates list", "kubectl -n NAMESPACE describe ingress INGRESS"],
  sources: [
    "ingress-gce: pkg/loadbalancers/target_proxies.go",
    "causes reported for pre-shared certificates",
  ],
  messages: {
    missing:
      "SslCertificate {name} does not exist as a {scope} resource, so no HTTPS front end is built for {object}.",
  },

  check(topology, report) {
    const { ownership, ingress } = topology;
    const regional = ownership.kind === "owned" && ownership.product !== "external";
    for (const { cause, place, object } of currentErrors(topology, report, "certificate-missing")) {
      const scope = regional ? "regional" : "global";
      const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${PRE_SHARED_CERT_ANNOTATION}]` };
      const flag = regional ? "--region=REGION" : "--global";
      const create = shellCommand("gcloud", "compute", "ssl-certificates", "create", cause.name, flag);
      const fix = { command: `${create} --certificate=FILE --private-key=FILE` };
      report("missing", { ...place, subject, fix }, { name: cause.name, scope, object });
    }
  },
});
