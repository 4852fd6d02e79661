import pathTypeUnsupported from "../../../../src/diagnostics/rules/routing/path-type-unsupported.ts";
import { ingress, path, rule, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function routing(pathType: string) {
  return snapshot({
    ingress: ingress({ rules: [rule("shop.example.com", path("/app", "web", { pathType }))] }),
  });
}

export default ruleCases(pathTypeUnsupported, {
  healthy: [
    { name: "Prefix", given: routing("Prefix") },
    { name: "Exact", given: routing("Exact") },
    { name: "ImplementationSpecific", given: routing("ImplementationSpecific") },
  ],
  broken: [
    {
      name: "a type in lower case",
      given: routing("exact"),
      want: [
        {
          text: "/app of host shop.example.com has pathType exact, which is none of Prefix, Exact and ImplementationSpecific. GKE refuses the path, so no change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/path","value":"/app"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Exact"}]'`,
        },
      ],
    },
  ],
  undecided: [],
});
