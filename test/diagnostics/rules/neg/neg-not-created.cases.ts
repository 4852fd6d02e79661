import rule from "../../../../src/diagnostics/rules/neg/neg-not-created.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  event,
  freshAnnotations,
  ingress,
  NOW,
  negName,
  nodePortService,
  notRead,
  service,
  snapshot,
} from "../../../support/builders.ts";
import { unmadeNeg } from "../../../support/neg-events.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const unserved = ingress({ annotations: freshAnnotations(), addresses: [] });

/** The Ingress sync that misses a NEG. */
function missing(neg: string) {
  return event({
    type: "Warning",
    reason: "Sync",
    message: `Error syncing to GCP: error running backend syncing routine: googleapi: Error 404: The resource 'projects/p/zones/us-central1-a/networkEndpointGroups/${neg}' was not found, notFound`,
    firstAt: NOW - 300_000,
    lastAt: NOW - 10_000,
  });
}

export default ruleCases(rule, {
  healthy: [
    { name: "the NEG exists", given: snapshot() },
    {
      name: "an instance group needs none",
      given: snapshot({ services: known([nodePortService()]), serviceNegs: known([]) }),
    },
    {
      name: "the list of NEG objects is incomplete, for the Service was processed",
      given: snapshot({
        services: known([
          service({
            annotations: stringMap({
              "cloud.google.com/neg": '{"ingress":true}',
              "cloud.google.com/neg-status": `{"network_endpoint_groups":{"80":"${negName("web")}"}}`,
            }),
          }),
        ]),
        serviceNegs: known([]),
      }),
    },
  ],
  broken: [
    {
      name: "the sync of the Ingress misses it",
      given: snapshot({ ingress: unserved, events: known([missing(negName("web"))]) }),
      want: [
        {
          text: `Network endpoint group ${negName("web")} does not exist, so the sync of Ingress web stops.`,
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "the NEG controller has not looked at the Service",
      given: snapshot({ ingress: unserved, serviceNegs: known([]) }),
      want: [
        {
          text: "The NEG controller has made no network endpoint group for port http (80) of Service web.",
          subject: "Service/web",
        },
      ],
    },
    {
      name: "the NEG could not be made",
      given: snapshot({ ingress: unserved, serviceNegs: known([unmadeNeg("quota")]) }),
      want: [
        {
          text: "The NEG controller has not been able to make the network endpoint groups of port http (80) of Service web.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "NEG objects may not be listed",
      given: snapshot({ serviceNegs: notRead("serviceNegs") }),
      source: "serviceNegs",
    },
    { name: "Events may not be listed", given: snapshot({ events: notRead("events") }), source: "events" },
  ],
});
