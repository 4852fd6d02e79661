import type { Ingress } from "../../../model/ingress.ts";
import { annotateFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

const SOLVER_PREFIX = "cm-acme-http-solver-";
const EDIT_IN_PLACE = "acme.cert-manager.io/http01-edit-in-place";

export default defineRule({
  code: "GID820",
  slug: "acme-solver-on-other-address",
  severity: "warning",
  symptoms: ["tls"],
  stage: "frontend",
  reads: ["ingress", "ingresses"],
  rows: ["TLS-17"],
  summary: "An ACME challenge is solved by an Ingress with another address.",
  why: "On GKE every Ingress is a load balancer of its own. The solver Ingress that cert-manager adds gets its own address, while DNS points at this one, so the challenge is answered by the default backend with 404 and no certificate is issued.",
  fix: "Let cert-manager edit this Ingress in place, or solve the challenge over DNS.",
  confirm: ["kubectl -n NAMESPACE get ingress", "kubectl -n NAMESPACE describe challenges"],
  sources: ["cert-manager: annotation acme.cert-manager.io/http01-edit-in-place"],
  messages: {
    apart:
      "Ingress {solver} answers the ACME challenge for {host} at {solverAddress}, while the host is served by Ingress {name} at {address}.",
  },

  check(topology, report) {
    const { ingress, ingresses } = topology;
    if (isSolver(ingress) || !report.knows(ingresses)) return;
    const hosts = new Set(ingress.rules.map(({ host }) => host));
    const solvers = ingresses.value.filter(
      (other) => isSolver(other) && other.ref.namespace === ingress.ref.namespace,
    );
    for (const solver of solvers.sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1))) {
      const host = solver.rules.map((rule) => rule.host).find((one) => hosts.has(one));
      if (host === undefined || sharesAddress(ingress, solver)) continue;
      report(
        "apart",
        { subject: ingress.ref, fix: annotateFix(ingress.ref, { [EDIT_IN_PLACE]: "true" }) },
        {
          solver: solver.ref.name,
          host,
          solverAddress: solver.addresses.join(", ") || "no address yet",
          name: ingress.ref.name,
          address: ingress.addresses.join(", ") || "no address yet",
        },
      );
    }
  },
});

function isSolver({ ref }: Ingress): boolean {
  return ref.name.startsWith(SOLVER_PREFIX);
}

function sharesAddress(a: Ingress, b: Ingress): boolean {
  return a.addresses.some((address) => b.addresses.includes(address));
}
