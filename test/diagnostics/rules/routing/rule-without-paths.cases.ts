import ruleWithoutPaths from "../../../../src/diagnostics/rules/routing/rule-without-paths.ts";
import type { IngressRule } from "../../../../src/model/ingress.ts";
import { ingress, notRead, path, rule, snapshot, toService } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const empty: IngressRule = { host: "blog.example.com", paths: undefined };

export default ruleCases(ruleWithoutPaths, {
  healthy: [
    { name: "every rule has paths", given: snapshot() },
    {
      name: "a default backend of the user's own takes the host",
      given: snapshot({ ingress: ingress({ rules: [empty], defaultBackend: toService("web") }) }),
    },
    {
      name: "another rule for the same host has paths",
      given: snapshot({ ingress: ingress({ rules: [empty, rule("blog.example.com", path("/blog"))] }) }),
    },
    {
      name: "a rule without a host takes it",
      given: snapshot({ ingress: ingress({ rules: [empty, rule("", path("/"))] }) }),
    },
  ],
  broken: [
    {
      name: "nothing else takes the host",
      given: snapshot({ ingress: ingress({ rules: [rule("shop.example.com", path("/")), empty] }) }),
      want: [
        {
          text: "spec.rules[1] for host blog.example.com has no paths, so GKE skips it. Requests for that host fall to GKE's default backend, which answers 404.",
          subject: "Ingress/web#spec.rules[1]",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({
        ingress: ingress({ rules: [empty, rule("", path("/"))] }),
        services: notRead("services"),
      }),
      source: "services",
    },
  ],
});
