import rule from "../../../../src/diagnostics/rules/neg/neg-name-conflict.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { nodePortService, notRead, reportedIngress, snapshot } from "../../../support/builders.ts";
import { refusal, unmadeNeg } from "../../../support/neg-events.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const MISMATCH =
  "failed to ensure svc neg cr shop/twin-neg/80 for port: Neg shop/twin-neg has a label mismatch. Expected key networking.gke.io/service-name to have the value web but found other. Neg is likely taken by otherervice. Please remove previous neg before creating this configuration";

export default ruleCases(rule, {
  healthy: [
    { name: "the NEG is the Service's own", given: snapshot() },
    {
      name: "the error is over, for the NEG was made later",
      given: snapshot({
        events: known([{ ...refusal(MISMATCH), lastAt: 1 }]),
      }),
    },
  ],
  broken: [
    {
      name: "a standalone NEG has the name of another Service's",
      given: snapshot({
        services: known([
          nodePortService({
            annotations: stringMap({
              "cloud.google.com/neg": '{"exposed_ports":{"80":{"name":"twin-neg"}}}',
            }),
          }),
        ]),
        serviceNegs: known([]),
        events: known([refusal(MISMATCH)]),
      }),
      want: [
        {
          text: "Network endpoint group twin-neg, which Service web asks for, belongs to Service other, so Service web gets none.",
          subject: "Service/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "another cluster has a NEG of that name",
      given: snapshot({
        ingress: reportedIngress("Unknown"),
        serviceNegs: known([unmadeNeg("found conflicting description in neg k8s1-x: expected a, got b")]),
      }),
      want: [
        {
          text: "The network endpoint group that Service web asks for is taken by another Service or cluster, so it gets none: found conflicting description in neg k8s1-x: expected a, got b.",
          severity: "error",
        },
      ],
    },
  ],
  undecided: [
    { name: "Events may not be listed", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
