import duplicatePath from "../../../../src/diagnostics/rules/routing/duplicate-path.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, notRead, path, rule, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function routing(...paths: ReturnType<typeof path>[]) {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", ...paths)] }),
    services: known([service(), service({ name: "api" })]),
  });
}

export default ruleCases(duplicatePath, {
  healthy: [
    { name: "different paths", given: routing(path("/one"), path("/two", "api")) },
    { name: "the same backend twice", given: routing(path("/app"), path("/app")) },
    {
      name: "an Exact path behind the prefix that covers it",
      given: routing(path("/app"), path("/app", "api", { pathType: "Exact" })),
    },
  ],
  broken: [
    {
      name: "one prefix, two backends",
      given: routing(path("/app"), path("/app", "api")),
      want: [
        {
          text: "/app, /app/* of host shop.example.com is written twice. spec.rules[0].http.paths[1] comes last and sends it to api:80, so spec.rules[0].http.paths[0] with web:80 has no effect on it.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "warning",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/app"},{"op":"remove","path":"/spec/rules/0/http/paths/0"}]'`,
        },
      ],
    },
    {
      name: "a prefix behind the Exact path that it covers",
      given: routing(path("/app", "api", { pathType: "Exact" }), path("/app")),
      want: [
        {
          text: "/app of host shop.example.com is written twice. spec.rules[0].http.paths[1] comes last and sends it to web:80, so spec.rules[0].http.paths[0] with api:80 has no effect on it.",
        },
      ],
    },
    {
      name: "a path that keeps a part of what it covers is not to be removed",
      given: routing(path("/app"), path("/app/*", "api", { pathType: "ImplementationSpecific" })),
      want: [
        {
          text: "/app/* of host shop.example.com is written twice. spec.rules[0].http.paths[1] comes last and sends it to api:80, so spec.rules[0].http.paths[0] with web:80 has no effect on it.",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({
        ingress: ingress({ rules: [rule("shop.example.com", path("/app"), path("/app", "api"))] }),
        services: notRead("services"),
      }),
      source: "services",
    },
  ],
});
