import rule from "../../../../src/diagnostics/rules/endpoints/selector-matches-no-pods.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import {
  event,
  LONG_AGO,
  NOW,
  notRead,
  pod,
  ref,
  service,
  slice,
  snapshot,
  workload,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const nothing = { endpointSlices: known([slice({ endpoints: [], ports: [] })]) };

/** Service `web` with another selector. */
function selecting(selector: Readonly<Record<string, string>>, more: Parameters<typeof service>[0] = {}) {
  return known([service({ selector: stringMap(selector), ...more })]);
}

/** The NEG controller's Event that endpoints were taken out, or put in. */
function moved(reason: "Attach" | "Detach", lastAt: number) {
  return event({
    about: { kind: "Service", namespace: "shop", name: "web", uid: "uid-service-web" },
    reason,
    component: "neg-controller",
    message: `${reason} 2 network endpoint(s) (NEG "x" in zone "us-central1-a")`,
    lastAt,
  });
}

export default ruleCases(rule, {
  healthy: [
    { name: "the selector matches pods", given: snapshot() },
    {
      name: "the pods are scaled to zero, and their workload matches",
      given: snapshot({ ...nothing, pods: known([]), workloads: known([workload({ replicas: 0 })]) }),
    },
    {
      name: "the Service has no selector",
      given: snapshot({ services: known([service({ selector: undefined })]), pods: known([]) }),
    },
    {
      name: "the Service was applied a moment ago, and its workload is not there yet",
      given: snapshot({
        services: known([service({ createdAt: NOW - 5000, changedAt: NOW - 5000 })]),
        pods: known([]),
        workloads: known([]),
      }),
    },
  ],
  broken: [
    {
      name: "a misspelt label value",
      given: snapshot({ ...nothing, services: selecting({ app: "wbe" }) }),
      want: [
        {
          text: "Selector app=wbe of Service web matches no pod in namespace shop; closest is Deployment web, with labels app=web.",
          subject: "Service/web#spec.selector",
          severity: "error",
          command: `kubectl patch service web -n shop --type=merge -p '{"spec":{"selector":{"app":"web"}}}'`,
        },
      ],
    },
    {
      name: "the label has another key; workloads cannot be read",
      given: snapshot({
        ...nothing,
        services: selecting({ name: "web", tier: "front" }),
        pods: known([pod(1, { labels: stringMap({ app: "web", tier: "front" }) })]),
        workloads: notRead("workloads"),
      }),
      want: [
        {
          text: "Selector name=web,tier=front of Service web matches no pod in namespace shop; closest is Pod web-1, with labels app=web,tier=front.",
          command: `kubectl patch service web -n shop --type=merge -p '{"spec":{"selector":{"name":null,"app":"web"}}}'`,
        },
      ],
    },
    {
      name: "one label holds, another differs altogether: named, but not worth a command",
      given: snapshot({
        ...nothing,
        services: selecting({ app: "shop", track: "stable" }, { ref: ref("v1", "Service", "web") }),
        pods: known([]),
        workloads: known([
          workload({ name: "other", templateLabels: stringMap({ app: "shop", track: "experimental" }) }),
        ]),
      }),
      want: [
        {
          text: "Selector app=shop,track=stable of Service web matches no pod in namespace shop; closest is Deployment other, with labels app=shop,track=experimental.",
          command: "(none)",
        },
      ],
    },
    {
      name: "nothing in the namespace is like it",
      given: snapshot({
        ...nothing,
        services: selecting({ app: "checkout" }),
        pods: known([pod(1, { labels: stringMap({ app: "batch" }) }, "batch")]),
        workloads: known([workload({ name: "batch", templateLabels: stringMap({ app: "batch" }) })]),
      }),
      want: [
        {
          text: "Selector app=checkout of Service web matches no pod and no workload in namespace shop, and none there has similar labels.",
          command: "(none)",
        },
      ],
    },
    {
      name: "workloads cannot be read, and the endpoints have left",
      given: snapshot({
        ...nothing,
        pods: known([]),
        workloads: notRead("workloads"),
        events: known([moved("Attach", LONG_AGO), moved("Detach", NOW - 600_000)]),
      }),
      want: [
        {
          text: "Selector app=web of Service web matches no pod in namespace shop, and its last endpoints left the load balancer at 2026-11-23T11:50:00Z; whether a workload of these labels is scaled to zero could not be read.",
        },
      ],
    },
  ],
  undecided: [
    { name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" },
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
  ],
});
