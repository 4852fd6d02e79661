import pathWildcardInvalid from "../../../../src/diagnostics/rules/routing/path-wildcard-invalid.ts";
import { ingress, path, rule, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function routing(text: string, pathType = "ImplementationSpecific") {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", path(text, "web", { pathType }))] }),
  });
}

export default ruleCases(pathWildcardInvalid, {
  healthy: [
    { name: "/* of type ImplementationSpecific", given: routing("/*") },
    { name: "/app/* of type ImplementationSpecific", given: routing("/app/*") },
    { name: "Prefix without a star", given: routing("/app", "Prefix") },
    { name: "Exact without a star", given: routing("/app", "Exact") },
    { name: "an expression, which is another finding", given: routing("/app/(.*)", "Prefix") },
  ],
  broken: [
    {
      name: "a star below Prefix",
      given: routing("/api/*", "Prefix"),
      want: [
        {
          text: "/api/* of host shop.example.com has pathType Prefix, which takes no star. GKE refuses the path, so no change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "error",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/api/*"},{"op":"add","path":"/spec/rules/0/http/paths/0/path","value":"/api"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]'`,
        },
      ],
    },
    {
      name: "a lone star below Exact",
      given: routing("/*", "Exact"),
      want: [
        {
          text: "/* of host shop.example.com has pathType Exact, which takes no star. GKE refuses the path, so no change of this Ingress is applied.",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/*"},{"op":"add","path":"/spec/rules/0/http/paths/0/path","value":"/"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]'`,
        },
      ],
    },
    {
      name: "a star that no slash precedes",
      given: routing("/app*"),
      want: [
        {
          text: "/app* of host shop.example.com has a star that does not stand alone at the end behind a slash. Compute Engine refuses the path, so no change of this Ingress is applied.",
          command: "(none)",
        },
      ],
    },
    {
      name: "a query string",
      given: routing("/search?q=shoes"),
      want: [
        {
          text: "/search?q=shoes of host shop.example.com holds ?, which Compute Engine refuses in a path, so no change of this Ingress is applied.",
        },
      ],
    },
  ],
  undecided: [],
});
