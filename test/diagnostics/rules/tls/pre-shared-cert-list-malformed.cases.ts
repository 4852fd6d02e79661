import rule from "../../../../src/diagnostics/rules/tls/pre-shared-cert-list-malformed.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "ingress.gcp.kubernetes.io/pre-shared-cert";

export default ruleCases(rule, {
  healthy: [
    { name: "none", given: snapshot() },
    {
      name: "names with spaces around the commas",
      given: snapshot({ ingress: annotated({ [KEY]: "corp-2026, web , a" }) }),
    },
  ],
  broken: [
    {
      name: "a domain and a list with semicolons",
      given: snapshot({ ingress: annotated({ [KEY]: "shop.example.com,a;b" }) }),
      want: [
        {
          text: "Entry a;b of the pre-shared-cert annotation is no valid resource name, so Compute Engine refuses it.",
          subject: `Ingress/web#metadata.annotations[${KEY}]`,
          severity: "warning",
        },
        {
          text: "Entry shop.example.com of the pre-shared-cert annotation is no valid resource name, so Compute Engine refuses it.",
        },
      ],
    },
  ],
  undecided: [],
});
