import { PRE_SHARED_CERT_ANNOTATION, preSharedCertificates } from "../../gke/ingress-annotations.ts";
import { isOwnProject } from "../../own-project.ts";
import { defineRule, type Report } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID805",
  slug: "pre-shared-cert-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends", "ownership", "loadBalancer", "settling"],
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
    absent:
      "Annotation {annotation} names SslCertificate {name}, which project {project} does not have as a {scope} resource{elsewhere}, so no change of Ingress {ingress} is applied.",
  },

  check(topology, report) {
    const { ownership, ingress } = topology;
    const regional = ownership.kind === "owned" && ownership.product !== "external";
    const scope = regional ? "regional" : "global";
    const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${PRE_SHARED_CERT_ANNOTATION}]` };
    const refused = currentErrors(topology, report, "certificate-missing");
    for (const { cause, place, object } of refused) {
      const fix = { command: createCommand(cause.name, regional) };
      report("missing", { ...place, subject, fix }, { name: cause.name, scope, object });
    }
    const said = new Set(refused.map(({ cause }) => cause.name));
    for (const { name, project, elsewhere } of absentCertificates(topology, regional, report)) {
      if (said.has(name)) continue;
      const parameters = { annotation: PRE_SHARED_CERT_ANNOTATION, name, project, scope, elsewhere };
      const fix = { command: createCommand(name, regional) };
      report("absent", { subject, fix }, { ...parameters, ingress: ingress.ref.name });
    }
  },
});

function createCommand(name: string, regional: boolean): string {
  const flag = regional ? "--region=REGION" : "--global";
  const create = shellCommand("gcloud", "compute", "ssl-certificates", "create", name, flag);
  return `${create} --certificate=FILE --private-key=FILE`;
}

/** Pre-shared certificates that Google was asked for and does not have in the scope of the load balancer. */
function absentCertificates(
  topology: Topology,
  regional: boolean,
  report: Pick<Report<Readonly<Record<string, string>>>, "knows">,
) {
  const { ingress, loadBalancer, settling } = topology;
  const names = [...new Set(preSharedCertificates(ingress))].sort();
  // A certificate that was made a moment ago is not in the last list.
  if (names.length === 0 || settling.open || !report.knows(loadBalancer)) return [];
  const { certificates, project } = loadBalancer.value;
  if (!report.knows(certificates) || !isOwnProject(topology)) return [];
  return names.flatMap((name) => {
    const scopes = certificates.value.filter((one) => one.name === name).map(({ scope }) => scope);
    if (scopes.some((scope) => (scope !== "global") === regional)) return [];
    const [other] = scopes.sort();
    return [{ name, project, elsewhere: other === undefined ? "" : `, only in scope ${other}` }];
  });
}
