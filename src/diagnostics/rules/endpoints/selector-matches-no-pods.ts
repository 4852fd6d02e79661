import type { KubeEvent } from "../../../model/event.ts";
import type { Observed } from "../../../model/observed.ts";
import type { StringMap } from "../../../model/refs.ts";
import type { Service } from "../../../model/service.ts";
import type { Fix } from "../../finding.ts";
import { mergeFix } from "../../kubectl.ts";
import { type NearestLabels, nearestLabels } from "../../nearest-labels.ts";
import { defineRule, type Report } from "../../rule.ts";
import { timeText } from "../../time-text.ts";
import type { Topology } from "../../topology.ts";

type Knows = Pick<Report<Readonly<Record<string, string>>>, "knows">;

/** A Service may be applied a moment before its workload. */
const APPLYING_MS = 2 * 60_000;

export default defineRule({
  code: "GID501",
  slug: "selector-matches-no-pods",
  severity: "error",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends", "events", "now", "pods", "workloads"],
  rows: ["SVC-06"],
  summary: "The selector of a Service matches no pod.",
  why: "A Service takes its endpoints from the pods that carry every label of its selector. Without one the NEG is empty, or every node refuses the connection, and the load balancer answers 502 itself.",
  fix: "Make the selector of the Service equal to labels that its pods carry.",
  confirm: [
    "kubectl get service SERVICE -n NAMESPACE -o jsonpath='{.spec.selector}'",
    "kubectl get pods -n NAMESPACE --show-labels",
    "kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE",
  ],
  sources: ["Kubernetes documentation: Service", "Kubernetes documentation: Debug Services"],
  messages: {
    near: "Selector {selector} of Service {service} matches no pod in namespace {namespace}; closest is {nearest}, with labels {labels}.",
    nothing:
      "Selector {selector} of Service {service} matches no pod and no workload in namespace {namespace}, and none there has similar labels.",
    unread:
      "Selector {selector} of Service {service} matches no pod in namespace {namespace}{left}; whether a workload of these labels is scaled to zero could not be read.",
  },

  check(topology, report) {
    for (const { backend, service, selector } of unmatched(topology, report)) {
      const closest = nearestLabels(selector, labelled(topology, service), service.ref.name);
      const place = { subject: { ...service.ref, fieldPath: "spec.selector" }, backend: backend.key };
      const facts = factsOf(service, selector);
      if (closest !== undefined) {
        const nearest = `${closest.ref.kind} ${closest.ref.name}`;
        const fix = fixFor(service, closest);
        report("near", { ...place, fix }, { ...facts, nearest, labels: labelText(closest.wanted) });
      } else if (topology.now.hasCome(service.changedAt + APPLYING_MS)) {
        const left = lastDetach(topology.events, service);
        report(backend.workloads.known ? "nothing" : "unread", place, { ...facts, left });
      }
    }
  },
});

/** Backends whose Service selects neither a pod nor, where that can be read, the pods of a workload. */
function unmatched({ backends }: Topology, report: Knows) {
  return backends.flatMap((backend) => {
    if (backend.origin === "system-default" || !report.knows(backend.service)) return [];
    if (!report.knows(backend.pods) || backend.pods.value.length > 0) return [];
    const service = backend.service.value;
    if (service?.selector === undefined || service.type === "ExternalName") return [];
    if (report.knows(backend.workloads) && backend.workloads.value.length > 0) return [];
    return [{ backend, service, selector: service.selector }];
  });
}

function factsOf({ ref }: Service, selector: StringMap) {
  return { selector: labelText(selector), service: ref.name, namespace: ref.namespace };
}

/** Pods and workloads of the Service's namespace, with the labels that their pods carry. */
function labelled({ pods, workloads }: Topology, { ref }: Service) {
  const all = [
    ...(workloads.known ? workloads.value.map((one) => ({ ref: one.ref, labels: one.templateLabels })) : []),
    ...(pods.known ? pods.value : []),
  ];
  return all.filter((one) => one.ref.namespace === ref.namespace);
}

function fixFor({ ref }: Service, { ref: nearest, wanted, changes, sure }: NearestLabels): Partial<Fix> {
  const summary = `Set the selector of Service ${ref.name} to ${labelText(wanted)}, the labels of ${nearest.kind} ${nearest.name}.`;
  // Labels that merely exist are a guess, and a guess is not worth a command.
  if (!sure) return { summary };
  return { summary, ...mergeFix(ref, { spec: { selector: changes } }) };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
}

/** The NEG controller reports when endpoints leave; without a later arrival the Service once had some. */
function lastDetach(events: Observed<readonly KubeEvent[]>, { uid }: Service): string {
  if (!events.known) return "";
  const moves = events.value.filter(
    ({ about, reason }) =>
      about.kind === "Service" && about.uid === uid && (reason === "Attach" || reason === "Detach"),
  );
  const newest = moves.reduce<KubeEvent | undefined>(
    (best, event) => (best === undefined || event.lastAt > best.lastAt ? event : best),
    undefined,
  );
  if (newest?.reason !== "Detach") return "";
  return `, and its last endpoints left the load balancer at ${timeText(newest.lastAt)}`;
}
