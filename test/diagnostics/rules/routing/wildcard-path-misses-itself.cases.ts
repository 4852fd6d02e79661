import wildcardPathMissesItself from "../../../../src/diagnostics/rules/routing/wildcard-path-misses-itself.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, notRead, path, rule, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const starred = (text: string, serviceName = "web") =>
  path(text, serviceName, { pathType: "ImplementationSpecific" });

function routing(...paths: ReturnType<typeof path>[]) {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", ...paths)] }),
    services: known([service(), service({ name: "api" })]),
  });
}

export default ruleCases(wildcardPathMissesItself, {
  healthy: [
    { name: "both written", given: routing(starred("/app"), starred("/app/*")) },
    {
      name: "the bare path is written, too, for another backend",
      given: routing(starred("/api"), starred("/api/*", "api")),
    },
    { name: "/* covers every URL", given: routing(starred("/*")) },
    { name: "the same backend takes the bare path", given: routing(starred("/app/*"), path("/")) },
    { name: "pathType Prefix", given: routing(path("/app")) },
  ],
  broken: [
    {
      name: "/api/* alone",
      given: routing(starred("/api/*", "api")),
      want: [
        {
          text: "/api/* of host shop.example.com does not cover /api itself, which falls to GKE's default backend and answers 404.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "info",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/api/*"},{"op":"add","path":"/spec/rules/0/http/paths/0/path","value":"/api"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]'`,
        },
      ],
    },
    {
      name: "another backend takes the bare path",
      given: routing(starred("/api/*", "api"), starred("/*")),
      want: [
        {
          text: "/api/* of host shop.example.com goes to api:80 and does not cover /api itself, which goes to web:80.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({
        ingress: ingress({ rules: [rule("shop.example.com", starred("/app/*"))] }),
        services: notRead("services"),
      }),
      source: "services",
    },
  ],
});
