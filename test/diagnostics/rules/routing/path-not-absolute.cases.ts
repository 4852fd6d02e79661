import pathNotAbsolute from "../../../../src/diagnostics/rules/routing/path-not-absolute.ts";
import { ingress, path, rule, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function routing(text: string, pathType = "ImplementationSpecific") {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", path(text, "web", { pathType }))] }),
  });
}

export default ruleCases(pathNotAbsolute, {
  healthy: [
    { name: "an absolute path", given: routing("/api", "Prefix") },
    { name: "no path and no type, which means /*", given: routing("") },
  ],
  broken: [
    {
      name: "a relative path",
      given: routing("api"),
      want: [
        {
          text: "api of host shop.example.com does not begin with a slash. It is refused, so no change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"api"},{"op":"add","path":"/spec/rules/0/http/paths/0/path","value":"/api"}]'`,
        },
      ],
    },
    {
      name: "Prefix without a path",
      given: routing("", "Prefix"),
      want: [
        {
          text: "spec.rules[0].http.paths[0] of host shop.example.com has pathType Prefix and no path. It is refused, so no change of this Ingress is applied.",
        },
      ],
    },
  ],
  undecided: [],
});
