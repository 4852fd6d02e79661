import rule from "../../../../src/diagnostics/rules/endpoints/grace-period-too-short.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { backendConfig, container, notRead, pod, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const draining = {
  services: known([
    service({
      annotations: stringMap({
        "cloud.google.com/neg": '{"ingress":true}',
        "cloud.google.com/backend-config": '{"default":"web-bc"}',
      }),
    }),
  ]),
  backendConfigs: known([backendConfig({ drainingTimeoutSec: 60 })]),
};

export default ruleCases(rule, {
  healthy: [
    { name: "the grace period is twice the sleep", given: snapshot() },
    {
      name: "the hook is a command of unknown length",
      given: snapshot({
        pods: known([
          pod(1, {
            containers: [{ ...withoutSleep(), hasPreStop: true }],
            terminationGracePeriodSeconds: 5,
          }),
        ]),
      }),
    },
    {
      name: "sleep and draining fit",
      given: snapshot({ ...draining, pods: known([pod(1, { terminationGracePeriodSeconds: 121 })]) }),
    },
  ],
  broken: [
    {
      name: "the pod is killed in its sleep",
      given: snapshot({ pods: known([pod(1, { terminationGracePeriodSeconds: 60 })]) }),
      want: [
        {
          text: "The pods of Service web sleep 60 s before they end, and their grace period is 60 s, so they are killed in their sleep.",
          subject: "Deployment/web",
          severity: "info",
          command: `kubectl patch deployment web -n shop --type=merge -p '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":91}}}}'`,
        },
      ],
    },
    {
      name: "connections drain for longer than the rest of the grace period",
      given: snapshot({ ...draining, workloads: notRead("workloads") }),
      want: [
        {
          text: "The pods of Service web sleep 60 s before they end and their connections drain for 60 s, and their grace period is 120 s, so requests in flight are cut.",
          subject: "Pod/web-1",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});

function withoutSleep() {
  const { preStopSleepSeconds: _sleep, ...rest } = container();
  return rest;
}
