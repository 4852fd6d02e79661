import rule from "../../../../src/diagnostics/rules/tls/redirect-without-tls.ts";
import { known } from "../../../../src/model/observed.ts";
import { frontendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated } from "../../../support/tls-ingress.ts";

const KEY = "networking.gke.io/v1beta1.FrontendConfig";
const REDIRECT = { redirectToHttps: { enabled: true } };
const redirecting = (more: Parameters<typeof annotated>[0], changes: Parameters<typeof annotated>[1] = {}) =>
  snapshot({
    ingress: annotated({ [KEY]: "web-fc", ...more }, changes),
    frontendConfigs: known([frontendConfig(REDIRECT)]),
  });

export default ruleCases(rule, {
  healthy: [
    { name: "a TLS Secret", given: redirecting({}, { tls: [{ hosts: [], secretName: "web-tls" }] }) },
    {
      name: "a pre-shared certificate",
      given: redirecting({ "ingress.gcp.kubernetes.io/pre-shared-cert": "corp" }),
    },
    {
      name: "a managed certificate",
      given: redirecting({ "networking.gke.io/managed-certificates": "web-cert" }),
    },
    {
      name: "no redirect",
      given: snapshot({
        ingress: annotated({ [KEY]: "web-fc" }),
        frontendConfigs: known([frontendConfig()]),
      }),
    },
  ],
  broken: [
    {
      name: "no certificate of any kind",
      given: redirecting({}),
      want: [
        {
          text: "FrontendConfig web-fc redirects HTTP to HTTPS, but Ingress web has no TLS Secret, pre-shared or managed certificate, so nothing listens on port 443.",
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
