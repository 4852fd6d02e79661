import rule from "../../../../src/diagnostics/rules/tls/redirect-without-http.ts";
import { known } from "../../../../src/model/observed.ts";
import { frontendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "networking.gke.io/v1beta1.FrontendConfig";
const REDIRECT = { redirectToHttps: { enabled: true } };
const closed = (value: string) => annotated({ [KEY]: "web-fc", "kubernetes.io/ingress.allow-http": value });

export default ruleCases(rule, {
  healthy: [
    {
      name: "HTTP is on",
      given: snapshot({ ingress: closed("true"), frontendConfigs: known([frontendConfig(REDIRECT)]) }),
    },
    {
      name: "a value that GKE reads as true",
      given: snapshot({ ingress: closed("no"), frontendConfigs: known([frontendConfig(REDIRECT)]) }),
    },
    {
      name: "no redirect",
      given: snapshot({ ingress: closed("false"), frontendConfigs: known([frontendConfig()]) }),
    },
  ],
  broken: [
    {
      name: "HTTP is off",
      given: snapshot({ ingress: closed("false"), frontendConfigs: known([frontendConfig(REDIRECT)]) }),
      want: [
        {
          text: "Ingress web sets allow-http to false, so FrontendConfig web-fc redirects nothing and port 80 does not answer.",
          severity: "warning",
          command: "kubectl annotate --overwrite ingress web -n shop kubernetes.io/ingress.allow-http-",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "FrontendConfigs cannot be read",
      given: snapshot({ ingress: closed("false"), frontendConfigs: notRead("frontendConfigs") }),
      source: "frontendConfigs",
    },
  ],
});
