import duplicateHostRule from "../../../../src/diagnostics/rules/routing/duplicate-host-rule.ts";
import type { IngressRule } from "../../../../src/model/ingress.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, notRead, path, rule, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function routing(...rules: IngressRule[]) {
  return snapshot({
    ingress: ingress({ rules }),
    services: known([service(), service({ name: "api" })]),
  });
}

export default ruleCases(duplicateHostRule, {
  healthy: [
    {
      name: "different hosts",
      given: routing(rule("a.example.com", path("/")), rule("b.example.com", path("/"))),
    },
    {
      name: "the later rule sends every path to the same backend",
      given: routing(rule("a.example.com", path("/one")), rule("a.example.com", path("/"))),
    },
    {
      name: "an earlier rule without paths",
      given: routing({ host: "a.example.com", paths: undefined }, rule("a.example.com", path("/"))),
    },
  ],
  broken: [
    {
      name: "the first rule's path is gone",
      given: routing(rule("a.example.com", path("/one")), rule("a.example.com", path("/two", "api"))),
      want: [
        {
          text: "spec.rules[1] replaces spec.rules[0] for host a.example.com. /one of the replaced rule falls to GKE's default backend, which answers 404.",
          subject: "Ingress/web#spec.rules[0]",
          severity: "error",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/host","value":"a.example.com"},{"op":"test","path":"/spec/rules/1/host","value":"a.example.com"},{"op":"add","path":"/spec/rules/1/http/paths/-","value":{"path":"/one","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}},{"op":"remove","path":"/spec/rules/0"}]'`,
        },
      ],
    },
    {
      name: "two rules without a host replaced by a third",
      given: routing(rule("", path("/one")), rule("", path("/two")), rule("", path("/three"))),
      want: [
        {
          text: "spec.rules[2] replaces spec.rules[0], spec.rules[1] for host *. /one, /two of the replaced rule falls to GKE's default backend, which answers 404.",
        },
      ],
    },
    {
      name: "the path reaches another backend",
      given: routing(rule("a.example.com", path("/api", "api")), rule("a.example.com", path("/"))),
      want: [
        {
          text: "spec.rules[1] replaces spec.rules[0] for host a.example.com. /api of the replaced rule goes to web:80 instead of api:80.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({
        ingress: ingress({ rules: [rule("", path("/one")), rule("", path("/two"))] }),
        services: notRead("services"),
      }),
      source: "services",
    },
  ],
});
