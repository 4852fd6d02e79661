import type { Ingress } from "../../../model/ingress.ts";
import type { ForwardingRule } from "../../../model/load-balancer.ts";
import type { Subject } from "../../finding.ts";
import { wantedFrontends } from "../../gke/frontends.ts";
import { staticIp } from "../../gke/ingress-annotations.ts";
import { ingressOwnership } from "../../gke/ingress-class.ts";
import { defineRule, type Report } from "../../rule.ts";
import { reservedAddress } from "../../static-ip.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

const MESSAGES = {
  shared:
    "Ingress {ingress} and Ingress {other} both name the reserved address {name}, and {other} has it, so Ingress {ingress} gets no front end.",
  held: "Port {port} of the reserved address {name} ({address}) belongs to {holder}, so Ingress {ingress} gets no front end there.",
  used: "Address {address} of Ingress {ingress} is used by another forwarding rule, so Compute Engine refuses the front end.",
} as const;

export default defineRule({
  code: "GID204",
  slug: "static-ip-in-use",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "sync", "backends", "ingresses", "loadBalancer", "settling"],
  rows: ["ADR-03"],
  summary: "The address belongs to another load balancer already.",
  why: "One address and port lead to one forwarding rule. GKE builds a load balancer of its own for every Ingress and never merges two, so the second Ingress that names an address gets none.",
  fix: "Merge the two Ingresses into one, or reserve another address for one of them; delete the other forwarding rule where nothing uses it any more.",
  confirm: [
    "kubectl get ingress --all-namespaces",
    "gcloud compute addresses list --format='table(name,address,users)'",
    "gcloud compute forwarding-rules list --filter='IPAddress=ADDRESS' --format='table(name,portRange,description)'",
  ],
  sources: [
    "ingress-gce: pkg/loadbalancers/forwarding_rules.go, getEffectiveIP",
    "Google Cloud: Troubleshooting GKE Ingress",
  ],
  messages: MESSAGES,

  check(topology, report) {
    const { ingress, ownership, ingresses } = topology;
    if (ownership.kind !== "owned" || ingress.deletedAt !== undefined) return;
    const choice = staticIp(ingress);
    const refused = currentErrors(topology, report, "address-in-use");
    const rival =
      choice.kind === "named" && report.knows(ingresses) ? rivalOf(topology, ingresses.value) : undefined;
    const fieldPath =
      choice.kind === "named" ? { fieldPath: `metadata.annotations[${choice.annotation}]` } : {};
    const subject = { ...ingress.ref, ...fieldPath };
    const isLoser = refused.length > 0 || ingress.addresses.length === 0;
    if (rival !== undefined && choice.kind === "named" && isLoser) {
      report("shared", { subject }, { ingress: ingress.ref.name, other: rival, name: choice.name });
      return;
    }
    if (reportHolders(topology, subject, report)) return;
    for (const { cause } of refused) {
      report("used", { subject }, { address: cause.address ?? "(not named)", ingress: ingress.ref.name });
    }
  },
});

/** Reports what Google says holds the wanted ports of the reserved address; answers whether anything does. */
function reportHolders(topology: Topology, subject: Subject, report: Report<typeof MESSAGES>): boolean {
  const { ingress, loadBalancer, settling } = topology;
  const reserved = reservedAddress(topology);
  if (reserved === undefined || settling.open || !loadBalancer.known) return false;
  const { rivals, forwardingRules } = loadBalancer.value;
  if (!report.knows(rivals) || !report.knows(forwardingRules)) return false;
  const { http, https } = wantedFrontends(ingress);
  const ports = [...(http ? [80] : []), ...(https ? [443] : [])];
  const taken = rivals.value
    .filter(({ port, address }) => ports.includes(port) && address === reserved.address)
    .sort((a, b) => a.port - b.port || (a.name < b.name ? -1 : 1));
  for (const rival of taken) {
    const parameters = { port: rival.port, name: reserved.name, address: reserved.address };
    report(
      "held",
      { subject },
      { ...parameters, holder: holderOf(rival, ingress), ingress: ingress.ref.name },
    );
  }
  return taken.length > 0;
}

/** What may be said of somebody else's forwarding rule: the Ingress it is for, inside the namespace. */
function holderOf({ ingress: owner = "" }: ForwardingRule, { ref }: Ingress): string {
  const [namespace, name] = owner.split("/");
  return namespace === ref.namespace && name !== undefined
    ? `a forwarding rule made for Ingress ${name}`
    : "another forwarding rule";
}

/** Name of the first Ingress that names the same address for the same load balancer and port, and has it. */
function rivalOf({ ingress, ownership }: Topology, others: readonly Ingress[]): string | undefined {
  const own = wantedFrontends(ingress);
  const names = others.filter((other) => {
    const theirs = ingressOwnership(other);
    if (theirs.kind !== "owned" || ownership.kind !== "owned" || theirs.product !== ownership.product)
      return false;
    const wanted = wantedFrontends(other);
    const samePort = (own.http && wanted.http) || (own.https && wanted.https);
    return other.addresses.length > 0 && samePort && sameAddress(ingress, other);
  });
  return names.map(({ ref }) => `${ref.namespace}/${ref.name}`).sort()[0];
}

function sameAddress(a: Ingress, b: Ingress): boolean {
  const [left, right] = [staticIp(a), staticIp(b)];
  return left.kind === "named" && right.kind === "named" && left.name === right.name;
}
