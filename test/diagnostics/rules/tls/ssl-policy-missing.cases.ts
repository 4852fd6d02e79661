import rule from "../../../../src/diagnostics/rules/tls/ssl-policy-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import { frontendConfig, notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { annotated, frontEndError } from "../../../support/tls-ingress.ts";

const ingress = annotated({ "networking.gke.io/v1beta1.FrontendConfig": "web-fc" });
const missing = frontEndError(
  "googleapi: Error 404: The resource 'projects/p/global/sslPolicies/strict' was not found, notFound",
);
const command = "gcloud compute ssl-policies create strict --profile=MODERN --min-tls-version=1.2";

export default ruleCases(rule, {
  healthy: [
    { name: "no FrontendConfig", given: snapshot() },
    {
      name: "a policy that nobody misses",
      given: snapshot({ ingress, frontendConfigs: known([frontendConfig({ sslPolicy: "strict" })]) }),
    },
  ],
  broken: [
    {
      name: "the policy does not exist",
      given: snapshot({
        ingress,
        frontendConfigs: known([frontendConfig({ sslPolicy: "strict" })]),
        events: known([missing]),
      }),
      want: [
        {
          text: "SSL policy strict, which FrontendConfig web-fc names, does not exist in the project, so no HTTPS front end is built.",
          subject: "FrontendConfig/web-fc#spec.sslPolicy",
          command,
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events cannot be read",
      given: snapshot({ ingress, events: notRead("events") }),
      source: "events",
    },
  ],
});
