import type { Ingress } from "../../../model/ingress.ts";
import { wantedFrontends } from "../../gke/frontends.ts";
import { staticIp } from "../../gke/ingress-annotations.ts";
import { ingressOwnership } from "../../gke/ingress-class.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID204",
  slug: "static-ip-in-use",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "ownership", "sync", "backends", "ingresses"],
  rows: ["ADR-03"],
  summary: "The address belongs to another load balancer already.",
  why: "One address and port lead to one forwarding rule. GKE builds a load balancer of its own for every Ingress and never merges two, so the second Ingress that names an address gets none.",
  fix: "Merge the two Ingresses into one, or reserve another address for one of them.",
  confirm: [
    "kubectl get ingress --all-namespaces",
    "gcloud compute addresses list --format='table(name,address,users)'",
  ],
  sources: [
    "ingress-gce: pkg/loadbalancers/forwarding_rules.go, getEffectiveIP",
    "Google Cloud: Troubleshooting GKE Ingress",
  ],
  messages: {
    shared:
      "Ingress {ingress} and Ingress {other} both name the reserved address {name}, and {other} has it, so Ingress {ingress} gets no front end.",
    used: "Address {address} of Ingress {ingress} is used by another forwarding rule, so Compute Engine refuses the front end.",
  },

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
    for (const { cause } of refused) {
      report("used", { subject }, { address: cause.address ?? "(not named)", ingress: ingress.ref.name });
    }
  },
});

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
