import { describeTrouble } from "../../pods/describe-trouble.ts";
import type { TroubledPod } from "../../pods/pod-census.ts";
import { newestPodEvent } from "../../pods/pod-events.ts";
import { podFailures } from "../../pods/pod-failures.ts";
import { defineRule } from "../../rule.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID504",
  slug: "image-pull-failed",
  severity: "error",
  symptoms: ["502", "degraded", "rollout-stuck"],
  stage: "endpoints",
  reads: ["backends", "events", "now"],
  rows: ["SVC-08"],
  summary: "The image of a container behind a Service cannot be pulled.",
  why: "Without its image a container never starts, so the pod answers nothing. While no pod runs, the load balancer has no healthy endpoint and answers 502 itself.",
  fix: "Name an image that exists and that the nodes may pull.",
  confirm: ["kubectl get pods -n NAMESPACE", "kubectl describe pod POD -n NAMESPACE"],
  sources: ["Kubernetes documentation: Images", "kubernetes pkg/kubelet/images/types.go"],
  messages: {
    outage: "No pod of Service {service} can answer, because {share} have no image: {detail}{why}.",
    rollout:
      "The rollout of {workload} is stuck and only the previous revision serves, because {share} pods of Service {service} have no image: {detail}{why}.",
    partial: "{share} pods of Service {service} have no image, while {able} can answer: {detail}{why}.",
  },

  check(topology, report) {
    for (const { impact, place, example, facts } of podFailures(
      topology,
      report,
      ({ kind }) => kind === "image",
    )) {
      const problem = pullProblem(example, topology);
      report(
        impact,
        { ...place, ...(problem === undefined ? {} : { fix: { summary: problem.fix } }) },
        { ...facts, detail: describeTrouble(example), why: problem ? `; ${problem.why}` : "" },
      );
    }
  },
});

interface PullProblem {
  readonly why: string;
  readonly fix: string;
}

/** What registries and the kubelet say, first match wins: a registry hides what may not be read as "not found". */
const PROBLEMS: readonly (readonly [RegExp, PullProblem])[] = [
  [
    /InvalidImageName|couldn't parse image|invalid reference format/i,
    { why: "this is no valid image name", fix: "Correct the image name in the pod template." },
  ],
  [
    /ErrImageNeverPull|not present with pull policy of Never/i,
    {
      why: "the node does not hold it, and the pull policy is Never",
      fix: "Set the pull policy to IfNotPresent, or load the image onto the nodes.",
    },
  ],
  [
    /no match for platform|no matching manifest/i,
    {
      why: "it is not built for the processor of the node",
      fix: "Build the image for the processor architecture of the nodes, or choose nodes that fit.",
    },
  ],
  [
    /unauthorized|authentication required|denied|\b40[13]\b|forbidden|no basic auth/i,
    {
      why: "the registry refuses access",
      fix: "Let the nodes' service account read the registry (roles/artifactregistry.reader), or name an imagePullSecret in the pod template.",
    },
  ],
  [
    /not found|manifest unknown|does not exist|\b404\b/i,
    {
      why: "the registry holds no such image or tag",
      fix: "Name an image and tag that the registry holds, or push this one.",
    },
  ],
  [
    /no such host|i\/o timeout|dial tcp|connection refused|TLS handshake|deadline exceeded/i,
    {
      why: "the node cannot reach the registry",
      fix: "Correct the registry's name, or give the nodes a way to it (Cloud NAT or Private Google Access).",
    },
  ],
];

/** The waiting message is often only "Back-off pulling image"; the Event of the last try says why. */
function pullProblem({ pod, trouble }: TroubledPod, { events }: Topology): PullProblem | undefined {
  if (trouble.kind !== "image") return undefined;
  const failed = newestPodEvent(events, pod, ({ reason, message }) => {
    return reason === "Failed" && message.startsWith("Failed to pull image");
  });
  const text = [trouble.reason, trouble.message, failed?.message ?? ""]
    .join(" ")
    .replaceAll(trouble.image, "");
  return PROBLEMS.find(([pattern]) => pattern.test(text))?.[1];
}
