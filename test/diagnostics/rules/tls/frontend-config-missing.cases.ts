import rule from "../../../../src/diagnostics/rules/tls/frontend-config-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { frontendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "networking.gke.io/v1beta1.FrontendConfig";
const REDIRECT = { redirectToHttps: { enabled: true } };

export default ruleCases(rule, {
  healthy: [
    { name: "none is named", given: snapshot() },
    {
      name: "the named one exists",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-fc" }),
        frontendConfigs: known([frontendConfig(REDIRECT)]),
      }),
    },
  ],
  broken: [
    {
      name: "it does not exist",
      given: snapshot({ ingress: annotated({ [KEY]: "web-fc" }) }),
      want: [
        {
          text: "FrontendConfig web-fc does not exist in namespace shop, so redirect and SSL policy do not apply.",
          subject: `Ingress/web#metadata.annotations[${KEY}]`,
          command:
            "kubectl annotate --overwrite ingress web -n shop networking.gke.io/v1beta1.FrontendConfig-",
        },
      ],
    },
    {
      name: "its name is misspelt",
      given: snapshot({
        ingress: annotated({ [KEY]: "wbe-fc" }),
        frontendConfigs: known([frontendConfig(REDIRECT)]),
      }),
      want: [
        {
          text: "FrontendConfig wbe-fc does not exist in namespace shop, which has web-fc, so redirect and SSL policy do not apply.",
          command:
            "kubectl annotate --overwrite ingress web -n shop networking.gke.io/v1beta1.FrontendConfig=web-fc",
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
