import rule from "../../../../src/diagnostics/rules/tls/tls-entry-without-secret.ts";
import { ingress, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { tlsIngress } from "../../../support/tls-ingress.ts";

export default ruleCases(rule, {
  healthy: [
    { name: "no TLS at all", given: snapshot() },
    { name: "every entry names a Secret", given: snapshot({ ingress: tlsIngress(["a", "b"]) }) },
  ],
  broken: [
    {
      name: "hosts without a Secret",
      given: snapshot({
        ingress: ingress({ tls: [{ hosts: ["a"], secretName: "a" }, { hosts: ["shop.example.com"] }] }),
      }),
      want: [
        {
          text: "spec.tls[1] names no secretName, so GKE looks for a Secret with an empty name, fails, and builds no front end.",
          subject: "Ingress/web#spec.tls[1]",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"remove","path":"/spec/tls/1"}]'`,
        },
      ],
    },
  ],
  undecided: [],
});
