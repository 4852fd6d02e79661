import controllerNotRunning from "../../../../src/diagnostics/rules/ingress/controller-not-running.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, ingress, NOW, notRead, snapshot } from "../../../support/builders.ts";
import { ofClass } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const MINUTE = 60_000;
const changed = NOW - 30 * MINUTE;

export default ruleCases(controllerNotRunning, {
  healthy: [
    { name: "an Ingress the controller reports on", given: snapshot() },
    {
      name: "a served Ingress that nobody changed, whose Events have expired",
      given: snapshot({ events: known([]) }),
    },
    {
      name: "an Ingress made minutes ago",
      given: snapshot({ ingress: ofClass("gce", { createdAt: NOW - 5 * MINUTE }), events: known([]) }),
    },
    {
      name: "an Ingress that only has its finalizer, so the controller has seen it",
      given: snapshot({
        ingress: ofClass("gce", { finalizers: ["networking.gke.io/ingress-finalizer-V2"] }),
        events: known([]),
      }),
    },
    { name: "an Ingress of another class", given: snapshot({ ingress: ofClass("edge"), events: known([]) }) },
    {
      name: "an Ingress being deleted",
      given: snapshot({ ingress: ofClass("gce", { deletedAt: NOW - MINUTE }), events: known([]) }),
    },
    {
      name: "a change that the controller has seen",
      given: snapshot({
        ingress: ingress({ changedAt: changed }),
        events: known([event({ lastAt: changed + 1000 })]),
      }),
    },
    {
      name: "a change after so many Events that newer ones are dropped",
      given: snapshot({
        ingress: ingress({ changedAt: changed }),
        events: known([event({ lastAt: changed - MINUTE, count: 30 })]),
      }),
    },
  ],
  broken: [
    {
      name: "no trace of the controller",
      given: snapshot({ ingress: ofClass("gce"), events: known([]) }),
      want: [
        {
          text: "GKE's Ingress controller has left no trace of Ingress web: no Event, no finalizer and no annotation since 2026-11-23T11:00:00Z.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "only Events of others",
      given: snapshot({ ingress: ofClass("gce"), events: known([event({ component: "external-dns" })]) }),
      want: [
        {
          text: "GKE's Ingress controller has left no trace of Ingress web: no Event, no finalizer and no annotation since 2026-11-23T11:00:00Z.",
        },
      ],
    },
    {
      name: "a change that the controller has not reacted to",
      given: snapshot({
        ingress: ingress({ changedAt: changed }),
        events: known([event({ lastAt: changed - MINUTE })]),
      }),
      want: [
        {
          text: "GKE's Ingress controller has sent no Event about Ingress web since it was changed at 2026-11-23T11:30:00Z, so the change is not applied.",
          severity: "warning",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events may not be listed",
      given: snapshot({ ingress: ofClass("gce"), events: notRead("events") }),
      source: "events",
    },
  ],
});
