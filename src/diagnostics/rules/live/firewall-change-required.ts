import type { Container } from "../../../model/pod.ts";
import { SUPPRESS_XPN_ERROR_ANNOTATION, suppressXpnError } from "../../gke/ingress-annotations.ts";
import { defineRule, type Report } from "../../rule.ts";
import type { FirewallRequest } from "../../sync/firewall-request.ts";
import { counted, listed } from "../../text.ts";
import type { Backend, Topology } from "../../topology.ts";

const MESSAGES = {
  requested:
    "GKE may not {action} firewall rule {rule} in the network's project and asks a network administrator to do it; until then Google's health checks ({ports} from {ranges}) may not reach the backends of Ingress {ingress}.",
  satisfied:
    "GKE asks a network administrator to {action} firewall rule {rule}, and every backend of Ingress {ingress} is healthy without it, so another rule allows the traffic.",
  suppressed:
    "Every backend of Ingress {ingress} reports UNHEALTHY although the containers of {pods} behind them are ready, and {annotation} keeps the controller from saying that it may not open the firewall; the firewall itself is not visible in the cluster.",
} as const;

export default defineRule({
  code: "GID901",
  slug: "firewall-change-required",
  severity: "error",
  symptoms: ["502"],
  stage: "network",
  reads: ["ingress", "ownership", "sync", "backends", "loadBalancer"],
  rows: ["FW-01", "FW-06"],
  summary: "The controller may not open the firewall of a Shared VPC.",
  why: "In a Shared VPC the firewall belongs to the host project, where GKE's service agent often has no rights. The controller then only asks for the change, in an Event of type Normal, and counts its sync as a success. Without the rule Google's probers do not reach the backends, and every request is answered 502 (503 on class gce-internal).",
  fix: "Run the command as a network administrator of the host project, or let the GKE service agent manage firewall rules there.",
  confirm: [
    "kubectl get events -n NAMESPACE --field-selector involvedObject.name=INGRESS,type=Normal",
    "gcloud compute firewall-rules list --filter='sourceRanges:35.191.0.0/16' --project HOST_PROJECT",
  ],
  sources: [
    "ingress-gce: pkg/firewalls/controller.go",
    "Google Cloud: Troubleshoot Ingress health checks",
    "ingress-gce issue 485",
  ],
  messages: MESSAGES,

  check(topology, report) {
    const { ingress, ownership, sync } = topology;
    if (ownership.kind !== "owned" || ingress.deletedAt !== undefined || !report.knows(sync)) return;
    const requests = sync.value.firewallRequests.filter(({ action }) => action !== "delete");
    for (const request of requests) reportRequest(request, topology, report);
    if (requests.length === 0 && suppressXpnError(ingress).effective) reportSuppressed(topology, report);
  },
});

function reportRequest(request: FirewallRequest, topology: Topology, report: Report<typeof MESSAGES>): void {
  const { action, rule, allow, sourceRanges, command } = request;
  const { ingress } = topology;
  const place = { subject: ingress.ref, ...(command === undefined ? {} : { fix: { command } }) };
  const parameters = { action, rule: rule === "" ? "(not named)" : rule, ingress: ingress.ref.name };
  if (ownBackends(topology).every(({ reportedHealth }) => reportedHealth === "HEALTHY")) {
    report("satisfied", { ...place, severity: "info" }, parameters);
  } else {
    report("requested", place, {
      ...parameters,
      ports: allow.length === 0 ? "the serving ports" : listed(allow),
      ranges: sourceRanges.length === 0 ? "Google's ranges" : listed(sourceRanges),
    });
  }
}

/** With the Event silenced, only that all backends fail together points at the firewall. */
function reportSuppressed(topology: Topology, report: Report<typeof MESSAGES>): void {
  const { ingress, loadBalancer } = topology;
  // Rules that can be seen are judged by a rule of their own. None at all is no answer: those of a Shared VPC lie
  // in the host project.
  const firewalls = loadBalancer.known ? loadBalancer.value.firewalls : loadBalancer;
  if (firewalls.known && firewalls.value.length > 0) return;
  const backends = ownBackends(topology);
  if (backends.length === 0 || backends.some(({ reportedHealth }) => reportedHealth !== "UNHEALTHY")) return;
  let ready = 0;
  for (const { pods } of backends) {
    if (!report.knows(pods)) return;
    // The readiness gate waits for Google's health check, so the containers decide and not the pod's readiness.
    const running = pods.value.filter(
      ({ deletedAt, containers }) => deletedAt === undefined && allReady(containers),
    );
    if (running.length === 0) return;
    ready += running.length;
  }
  const fix = {
    summary:
      "Allow 130.211.0.0/22 and 35.191.0.0/16 to the serving and health check ports in the host project, or remove the annotation to see the controller's request.",
  };
  const severity = backends.some(hasSuspectHealthCheck) ? "warning" : "error";
  const subject = { ...ingress.ref, fieldPath: `metadata.annotations[${SUPPRESS_XPN_ERROR_ANNOTATION}]` };
  report(
    "suppressed",
    { subject, severity, fix },
    {
      ingress: ingress.ref.name,
      pods: counted(ready, "pod"),
      annotation: SUPPRESS_XPN_ERROR_ANNOTATION,
    },
  );
}

function allReady(containers: readonly Container[]): boolean {
  return containers.length > 0 && containers.every(({ ready }) => ready);
}

/** A path that somebody chose, or a probe that asks something else, may fail without any firewall. */
function hasSuspectHealthCheck({ healthCheck }: Backend): boolean {
  const check = healthCheck.known ? healthCheck.value : undefined;
  return check?.path.source.kind === "backend-config" || check?.probe?.kind === "refused";
}

function ownBackends({ backends }: Topology): readonly Backend[] {
  return backends.filter(({ origin }) => origin !== "system-default");
}
