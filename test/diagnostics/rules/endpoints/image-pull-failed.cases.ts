import rule from "../../../../src/diagnostics/rules/endpoints/image-pull-failed.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Pod } from "../../../../src/model/pod.ts";
import { event, NOW, notRead, pod, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { imagelessPod, troubledPod } from "../../../support/troubled-pods.ts";

const BACK_OFF = {
  reason: "ImagePullBackOff",
  message: 'Back-off pulling image "registry.example.com/web:1"',
};

/** The kubelet's Event of a failed pull. */
function pullFailed({ ref, uid }: Pod, message: string) {
  return event({
    about: { kind: "Pod", namespace: ref.namespace, name: ref.name, uid },
    type: "Warning",
    reason: "Failed",
    component: "kubelet",
    message: `Failed to pull image "registry.example.com/web:1": ${message}`,
  });
}

export default ruleCases(rule, {
  healthy: [
    { name: "all pods are ready", given: snapshot() },
    {
      name: "a new pod could not pull its image at the first try",
      given: snapshot({
        pods: known([pod(1), imagelessPod(2, { reason: "ErrImagePull" }, { createdAt: NOW - 60_000 })]),
      }),
    },
    {
      name: "images are still being pulled",
      given: snapshot({ pods: known([imagelessPod(1, { reason: "ContainerCreating" })]) }),
    },
  ],
  broken: [
    {
      name: "the tag does not exist, as the Event says",
      given: snapshot({
        pods: known([imagelessPod(1, BACK_OFF), imagelessPod(2, BACK_OFF)]),
        events: known([
          pullFailed(
            imagelessPod(1, BACK_OFF),
            "rpc error: code = NotFound desc = registry.example.com/web:1: not found",
          ),
        ]),
      }),
      want: [
        {
          text: "No pod of Service web can answer, because 2 of 2 have no image: container app of pod web-1 cannot get image registry.example.com/web:1 (ImagePullBackOff); the registry holds no such image or tag.",
          subject: "Deployment/web",
          severity: "error",
        },
      ],
    },
    {
      name: "Events cannot be read, and the status says only that it backs off",
      given: snapshot({ pods: known([imagelessPod(1, BACK_OFF)]), events: notRead("events") }),
      want: [
        {
          text: "No pod of Service web can answer, because 1 of 1 have no image: container app of pod web-1 cannot get image registry.example.com/web:1 (ImagePullBackOff).",
        },
      ],
    },
    {
      name: "one pod of two is refused by the registry",
      given: snapshot({
        pods: known([
          pod(1),
          imagelessPod(2, { reason: "ErrImagePull", message: "unexpected status: 403 Forbidden" }),
        ]),
      }),
      want: [
        {
          text: "1 of 2 pods of Service web have no image, while 1 can answer: container app of pod web-2 cannot get image registry.example.com/web:1 (ErrImagePull); the registry refuses access.",
          severity: "warning",
        },
      ],
    },
    {
      name: "the new revision of a StatefulSet has no image",
      given: snapshot({
        pods: known([
          pod(0, {
            owner: { kind: "StatefulSet", name: "web" },
            labels: { app: "web", "controller-revision-hash": "a" },
          }),
          imagelessPod(
            1,
            { reason: "InvalidImageName" },
            {
              owner: { kind: "StatefulSet", name: "web" },
              labels: { app: "web", "controller-revision-hash": "b" },
            },
          ),
        ]),
        workloads: known([]),
      }),
      want: [
        {
          text: "The rollout of Pod web-1 is stuck and only the previous revision serves, because 1 of 2 pods of Service web have no image: container app of pod web-1 cannot get image registry.example.com/web:1 (InvalidImageName); this is no valid image name.",
          subject: "Pod/web-1",
        },
      ],
    },
    {
      name: "the image of an init container is not there",
      given: snapshot({
        pods: known([
          troubledPod(1, {
            phase: "Pending",
            pendingInit: {
              name: "migrate",
              image: "migrate:1",
              restartCount: 0,
              waiting: { reason: "ErrImagePull", message: "no match for platform in manifest: not found" },
            },
          }),
        ]),
      }),
      want: [
        {
          text: "No pod of Service web can answer, because 1 of 1 have no image: init container migrate of pod web-1 cannot get image migrate:1 (ErrImagePull); it is not built for the processor of the node.",
        },
      ],
    },
  ],
  undecided: [{ name: "pods may not be listed", given: snapshot({ pods: notRead("pods") }), source: "pods" }],
});
