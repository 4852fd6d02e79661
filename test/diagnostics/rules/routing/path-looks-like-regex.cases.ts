import pathLooksLikeRegex from "../../../../src/diagnostics/rules/routing/path-looks-like-regex.ts";
import { ingress, path, rule, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function routing(text: string, pathType = "ImplementationSpecific") {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", path(text, "web", { pathType }))] }),
  });
}

export default ruleCases(pathLooksLikeRegex, {
  healthy: [
    { name: "a plain prefix", given: routing("/app", "Prefix") },
    { name: "a star at the end", given: routing("/v1.0/items/*") },
    { name: "an OData path", given: routing("/odata/$metadata") },
    { name: "parentheses and a plus in a plain path", given: routing("/files/report(1)+draft") },
    { name: "a misplaced star that is no expression", given: routing("/app*") },
  ],
  broken: [
    {
      name: "the rewrite idiom of another controller",
      given: routing("/api(/|$)(.*)"),
      want: [
        {
          text: "/api(/|$)(.*) of host shop.example.com is written as an expression. A star is legal only at the end behind a slash, so Compute Engine refuses the path and no change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "error",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/api(/|$)(.*)"},{"op":"add","path":"/spec/rules/0/http/paths/0/path","value":"/api"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]'`,
        },
      ],
    },
    {
      name: "a character class, for which no plain prefix can be told",
      given: routing("/v[0-9]+/.*"),
      want: [
        {
          text: "/v[0-9]+/.* of host shop.example.com is written as an expression. A star is legal only at the end behind a slash, so Compute Engine refuses the path and no change of this Ingress is applied.",
          command: "(none)",
        },
      ],
    },
    {
      name: "a star below Prefix, which the controller itself refuses",
      given: routing("/app/.*", "Prefix"),
      want: [
        {
          text: "/app/.* of host shop.example.com is written as an expression. A star is legal only at the end behind a slash, so GKE refuses the path and no change of this Ingress is applied.",
        },
      ],
    },
    {
      name: "a template without a star",
      given: routing("/users/{id}", "Prefix"),
      want: [
        {
          text: "/users/{id} of host shop.example.com is written as an expression, and GKE compares it as plain text, so it matches only a URL that reads exactly so.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [],
});
