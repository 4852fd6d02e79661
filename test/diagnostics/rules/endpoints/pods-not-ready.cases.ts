import rule from "../../../../src/diagnostics/rules/endpoints/pods-not-ready.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  condition,
  event,
  httpProbe,
  NOW,
  notRead,
  pod,
  reportedIngress,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { gatedPod, troubledPod, unreadyPod } from "../../../support/troubled-pods.ts";

const probeFailed = event({
  about: { kind: "Pod", namespace: "shop", name: "web-1", uid: "uid-pod-web-1" },
  type: "Warning",
  reason: "Unhealthy",
  component: "kubelet",
  message: "Readiness probe failed: HTTP probe failed with statuscode: 503",
});

export default ruleCases(rule, {
  healthy: [
    { name: "all pods are ready", given: snapshot() },
    {
      name: "pods have been starting for three minutes",
      given: snapshot({ pods: known([unreadyPod(1, {}, { createdAt: NOW - 180_000 })]) }),
    },
    {
      name: "one pod of two has missed its probe for a moment",
      given: snapshot({
        pods: known([
          pod(1),
          unreadyPod(2, {}, { conditions: [{ ...condition("Ready", "False"), since: NOW - 10_000 }] }),
        ]),
      }),
    },
    {
      name: "pods wait for the load balancer only",
      given: snapshot({ pods: known([gatedPod(1)]) }),
    },
  ],
  broken: [
    {
      name: "the readiness probe of every pod fails",
      given: snapshot({
        ingress: reportedIngress("UNHEALTHY"),
        pods: known([unreadyPod(1, { readinessProbe: httpProbe({ path: "/healthz" }) }), unreadyPod(2)]),
        events: known([probeFailed]),
      }),
      want: [
        {
          text: "No pod of Service web can answer, because 2 of 2 are not ready: the readiness probe of container app of pod web-1, HTTP GET /healthz on port 8080, does not succeed (Readiness probe failed: HTTP probe failed with statuscode: 503).",
          subject: "Deployment/web",
          severity: "error",
        },
      ],
    },
    {
      name: "the load balancer's own health check passes",
      given: snapshot({ ingress: reportedIngress("HEALTHY"), pods: known([unreadyPod(1)]) }),
      want: [
        {
          text: "1 of 1 pods of Service web are not ready: the readiness probe of container app of pod web-1, HTTP GET / on port 8080, does not succeed. The load balancer still reports a healthy endpoint, since it goes by its own health check.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a ConfigMap is missing, and an older pod serves",
      given: snapshot({
        pods: known([
          pod(1),
          unreadyPod(2, {
            waiting: { reason: "CreateContainerConfigError", message: 'configmap "env" not found' },
          }),
        ]),
      }),
      want: [
        {
          text: '1 of 2 pods of Service web are not ready, while 1 can answer: container app of pod web-2 cannot be made (CreateContainerConfigError): configmap "env" not found.',
          severity: "warning",
        },
      ],
    },
    {
      name: "an init container of a new revision does not finish",
      given: snapshot({
        pods: known([
          pod(1),
          troubledPod(
            2,
            { phase: "Pending", pendingInit: { name: "wait-for-db", image: "busybox", restartCount: 0 } },
            "aaaa",
          ),
        ]),
      }),
      want: [
        {
          text: "The rollout of Deployment web is stuck and only the previous revision serves, because 1 of 2 pods of Service web are not ready: init container wait-for-db of pod web-2 has not finished.",
        },
      ],
    },
    {
      name: "volumes cannot be mounted",
      given: snapshot({
        pods: known([unreadyPod(1, { waiting: { reason: "ContainerCreating" } }, { phase: "Pending" })]),
        events: known([
          {
            ...probeFailed,
            reason: "FailedMount",
            message: 'MountVolume.SetUp failed for volume "tls" : secret "tls" not found',
          },
        ]),
      }),
      want: [
        {
          text: 'No pod of Service web can answer, because 1 of 1 are not ready: the containers of pod web-1 have not been started (ContainerCreating) (MountVolume.SetUp failed for volume "tls" : secret "tls" not found).',
        },
      ],
    },
    {
      name: "the node of the pod is lost",
      given: snapshot({
        pods: known([
          pod(1, {
            ready: false,
            conditions: [
              condition("ContainersReady", "True"),
              condition("Ready", "False"),
              condition("cloud.google.com/load-balancer-neg-ready", "True", "LoadBalancerNegReady"),
            ],
          }),
        ]),
      }),
      want: [
        {
          text: "No pod of Service web can answer, because 1 of 1 are not ready: node node-a, on which pod web-1 runs, does not report.",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
