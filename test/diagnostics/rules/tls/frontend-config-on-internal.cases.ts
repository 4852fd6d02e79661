import rule from "../../../../src/diagnostics/rules/tls/frontend-config-on-internal.ts";
import { known } from "../../../../src/model/observed.ts";
import { frontendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "networking.gke.io/v1beta1.FrontendConfig";
const REDIRECT = { redirectToHttps: { enabled: true } };
const internal = annotated({ [KEY]: "web-fc", "kubernetes.io/ingress.class": "gce-internal" });

export default ruleCases(rule, {
  healthy: [
    {
      name: "an external Ingress",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-fc" }),
        frontendConfigs: known([frontendConfig(REDIRECT)]),
      }),
    },
    {
      name: "an SSL policy only",
      given: snapshot({
        ingress: internal,
        frontendConfigs: known([frontendConfig({ sslPolicy: "strict" })]),
      }),
    },
    { name: "it does not exist, which another rule says", given: snapshot({ ingress: internal }) },
  ],
  broken: [
    {
      name: "a redirect on an internal Ingress",
      given: snapshot({ ingress: internal, frontendConfigs: known([frontendConfig(REDIRECT)]) }),
      want: [
        {
          text: "Internal Ingress web uses FrontendConfig web-fc with redirectToHttps, which stops its sync.",
          command:
            "kubectl annotate --overwrite ingress web -n shop networking.gke.io/v1beta1.FrontendConfig-",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "FrontendConfigs cannot be read",
      given: snapshot({ ingress: internal, frontendConfigs: notRead("frontendConfigs") }),
      source: "frontendConfigs",
    },
  ],
});
