import overlappingPaths from "../../../../src/diagnostics/rules/routing/overlapping-paths.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, notRead, path, rule, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const written = (text: string, serviceName = "web") =>
  path(text, serviceName, { pathType: "ImplementationSpecific" });

function routing(...paths: ReturnType<typeof path>[]) {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", ...paths)] }),
    services: known([service(), service({ name: "api" })]),
  });
}

export default ruleCases(overlappingPaths, {
  healthy: [
    { name: "prefixes that overlap", given: routing(path("/"), path("/api", "api")) },
    {
      name: "path and subtree in one hand",
      given: routing(written("/api", "api"), written("/api/*", "api"), path("/")),
    },
    { name: "a file", given: routing(written("/robots.txt", "api"), written("/*")) },
    { name: "the start page", given: routing(written("/", "api"), written("/*")) },
  ],
  broken: [
    {
      name: "/api without /* beside /*",
      given: routing(written("/api", "api"), written("/*")),
      want: [
        {
          text: "/api of host shop.example.com goes to api:80 for that one URL; /api/page goes to web:80, by the longest path that covers it.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({
        ingress: ingress({ rules: [rule("shop.example.com", written("/api", "api"), written("/*"))] }),
        services: notRead("services"),
      }),
      source: "services",
    },
  ],
});
