import pathMatchesExactlyOnly from "../../../../src/diagnostics/rules/routing/path-matches-exactly-only.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, notRead, path, rule, service, snapshot, toService } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const literal = (text: string, serviceName = "web") =>
  path(text, serviceName, { pathType: "ImplementationSpecific" });

function routing(...paths: ReturnType<typeof path>[]) {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", ...paths)] }),
    services: known([service(), service({ name: "api" })]),
  });
}

export default ruleCases(pathMatchesExactlyOnly, {
  healthy: [
    { name: "pathType Prefix", given: routing(path("/"), path("/app")) },
    { name: "a lone star", given: routing(literal("/*")) },
    { name: "/ beside /*", given: routing(literal("/"), literal("/*")) },
    { name: "/app beside /app/*", given: routing(literal("/app"), literal("/app/*")) },
    { name: "an empty path, which means /*", given: routing(literal("")) },
    { name: "what lies below goes to another path", given: routing(literal("/api", "api"), path("/")) },
    { name: "an Exact path", given: routing(path("/app", "web", { pathType: "Exact" })) },
    {
      name: "Exact / beside other paths",
      given: routing(path("/", "web", { pathType: "Exact" }), path("/app")),
    },
    {
      name: "a default backend of the user's own takes the rest",
      given: snapshot({
        ingress: ingress({
          rules: [rule("shop.example.com", literal("/app"))],
          defaultBackend: toService("web"),
        }),
      }),
    },
    {
      name: "end points: health checks, files, challenges",
      given: routing(
        literal("/healthz"),
        literal("/robots.txt"),
        literal("/.well-known/acme-challenge/9ZPf3oJX"),
      ),
    },
    { name: "a missing Service, which is another finding", given: routing(literal("/app", "missing")) },
    {
      name: "a rule that a later one replaces",
      given: snapshot({
        ingress: ingress({
          rules: [rule("shop.example.com", literal("/app")), rule("shop.example.com", path("/shop"))],
        }),
      }),
    },
  ],
  broken: [
    {
      name: "/app of type ImplementationSpecific alone",
      given: routing(literal("/app")),
      want: [
        {
          text: "/app of host shop.example.com has pathType ImplementationSpecific and no /*, so it matches that one URL. /app/page falls to GKE's default backend, which answers 404.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "warning",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/app"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]'`,
        },
      ],
    },
    {
      name: "/ without a path type, for every host",
      given: snapshot({ ingress: ingress({ rules: [rule("", { path: "/", backend: toService("web") })] }) }),
      want: [
        {
          text: "/ of host * has pathType ImplementationSpecific and no /*, so it matches that one URL. /page falls to GKE's default backend, which answers 404.",
          severity: "warning",
        },
      ],
    },
    {
      name: "Exact / as the only path of a host",
      given: routing(path("/", "web", { pathType: "Exact" })),
      want: [
        {
          text: "/ of host shop.example.com has pathType Exact and no /*, so it matches that one URL. /page falls to GKE's default backend, which answers 404.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a hint only, where stars are written elsewhere",
      given: routing(literal("/app/"), literal("/api/*", "api")),
      want: [
        {
          text: "/app/ of host shop.example.com has pathType ImplementationSpecific and no /*, so it matches that one URL. /app/page falls to GKE's default backend, which answers 404.",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({
        ingress: ingress({ rules: [rule("shop.example.com", literal("/app"))] }),
        services: notRead("services"),
      }),
      source: "services",
    },
  ],
});
