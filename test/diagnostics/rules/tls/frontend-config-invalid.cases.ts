import rule from "../../../../src/diagnostics/rules/tls/frontend-config-invalid.ts";
import { known } from "../../../../src/model/observed.ts";
import { frontendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "networking.gke.io/v1beta1.FrontendConfig";
const coded = (responseCodeName: string, enabled = true) =>
  snapshot({
    ingress: annotated({ [KEY]: "web-fc" }),
    frontendConfigs: known([frontendConfig({ redirectToHttps: { enabled, responseCodeName } })]),
  });

export default ruleCases(rule, {
  healthy: [
    { name: "a code the load balancer knows", given: coded("FOUND") },
    { name: "no code", given: coded("") },
    { name: "an unknown code of a redirect that is off", given: coded("MOVED", false) },
  ],
  broken: [
    {
      name: "an unknown code",
      given: coded("MOVED"),
      want: [
        {
          text: "FrontendConfig web-fc asks for redirect code MOVED, which is none of MOVED_PERMANENTLY_DEFAULT, FOUND, TEMPORARY_REDIRECT, PERMANENT_REDIRECT, so the redirect is refused.",
          subject: "FrontendConfig/web-fc#spec.redirectToHttps.responseCodeName",
          command: `kubectl patch frontendconfig web-fc -n shop --type=json -p '[{"op":"add","path":"/spec/redirectToHttps/responseCodeName","value":"MOVED_PERMANENTLY_DEFAULT"}]'`,
        },
      ],
    },
    {
      name: "a misspelt code",
      given: coded("FUOND"),
      want: [
        {
          text: "FrontendConfig web-fc asks for redirect code FUOND, which is none of MOVED_PERMANENTLY_DEFAULT, FOUND, TEMPORARY_REDIRECT, PERMANENT_REDIRECT, so the redirect is refused.",
          command: `kubectl patch frontendconfig web-fc -n shop --type=json -p '[{"op":"add","path":"/spec/redirectToHttps/responseCodeName","value":"FOUND"}]'`,
        },
      ],
    },
  ],
  undecided: [
    {
      name: "FrontendConfigs cannot be read",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-fc" }),
        frontendConfigs: notRead("frontendConfigs"),
      }),
      source: "frontendConfigs",
    },
  ],
});
