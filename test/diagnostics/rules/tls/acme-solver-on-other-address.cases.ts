import rule from "../../../../src/diagnostics/rules/tls/acme-solver-on-other-address.ts";
import { known } from "../../../../src/model/observed.ts";
import { rule as hostRule, ingress, notRead, path, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const solver = (host: string, addresses: readonly string[]) =>
  ingress({
    name: "cm-acme-http-solver-x7k2p",
    addresses,
    rules: [hostRule(host, path("/.well-known/acme-challenge/token"))],
  });

export default ruleCases(rule, {
  healthy: [
    { name: "no solver", given: snapshot() },
    {
      name: "a solver for another host",
      given: snapshot({ ingresses: known([solver("other.example.com", [])]) }),
    },
    {
      name: "a solver on the same address",
      given: snapshot({ ingresses: known([solver("shop.example.com", ["203.0.113.10"])]) }),
    },
    {
      name: "the solver itself",
      given: snapshot({ ingress: solver("shop.example.com", []), ingresses: known([ingress()]) }),
    },
  ],
  broken: [
    {
      name: "a solver with an address of its own",
      given: snapshot({ ingresses: known([solver("shop.example.com", ["203.0.113.99"])]) }),
      want: [
        {
          text: "Ingress cm-acme-http-solver-x7k2p answers the ACME challenge for shop.example.com at 203.0.113.99, while the host is served by Ingress web at 203.0.113.10.",
          severity: "warning",
          command:
            "kubectl annotate --overwrite ingress web -n shop acme.cert-manager.io/http01-edit-in-place=true",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "other Ingresses cannot be read",
      given: snapshot({ ingresses: notRead("ingresses") }),
      source: "ingresses",
    },
  ],
});
