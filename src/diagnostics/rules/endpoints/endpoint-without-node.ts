import type { Node } from "../../../model/pod.ts";
import type { Endpoint, EndpointSlice } from "../../../model/service.ts";
import type { Moment } from "../../moment.ts";
import type { Place } from "../../rule.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Backend } from "../../topology.ts";

/** Manager of slices that follow pods by themselves (kubernetes pkg/controller/endpointslice). */
const ENDPOINT_SLICE_CONTROLLER = "endpointslice-controller.k8s.io";

/** Pods of a node that is gone are cleaned up within minutes. */
const CLEANING_MS = 5 * 60_000;

export default defineRule({
  code: "GID508",
  slug: "endpoint-without-node",
  severity: "error",
  symptoms: ["502", "stale"],
  stage: "endpoints",
  reads: ["backends", "ingress", "nodes", "now", "sync"],
  rows: ["NEG-10"],
  summary: "An endpoint behind a NEG is on a node that does not exist.",
  why: "The NEG controller looks up the zone of every endpoint by its node. One endpoint without a node fails the whole sync, so no endpoint of that NEG is added or taken out any more.",
  fix: "Correct the node name in the EndpointSlice, or delete the endpoint.",
  confirm: [
    "kubectl get endpointslices -n NAMESPACE -l kubernetes.io/service-name=SERVICE -o yaml",
    "kubectl get nodes",
    "kubectl describe service SERVICE -n NAMESPACE",
  ],
  sources: ["ingress-gce pkg/neg/syncers/utils.go"],
  messages: {
    gone: "EndpointSlice {slice} puts {address} on node {node}, which does not exist, so {effect}.",
    unnamed: "EndpointSlice {slice} names no node for {address}, so {effect}.",
    reported: "The NEG controller finds no node for an endpoint, so {effect}: {text}.",
  },

  check(topology, report) {
    const seen = new Set<string>();
    const negs = topology.backends.filter((backend) => modeOf(backend) === "neg");
    const names = negs.length > 0 && report.knows(topology.nodes) ? namesOf(topology.nodes.value) : undefined;
    for (const backend of negs) {
      if (!report.knows(backend.endpoints) || names === undefined) continue;
      const [stray] = strayEndpoints(backend, names, topology.now);
      if (stray === undefined) continue;
      seen.add(backend.key);
      const { slice, endpoint } = stray;
      const { effect, ...place } = effectOn(backend, slice);
      const address = endpoint.addresses[0] ?? "an endpoint";
      const facts = { slice: slice.ref.name, address, effect };
      const at = { ...place, subject: slice.ref, backend: backend.key };
      if (endpoint.nodeName === undefined) report("unnamed", at, facts);
      else report("gone", at, { ...facts, node: endpoint.nodeName });
    }
    const reported = currentErrors(topology, report, "neg-endpoint-node");
    for (const { place, effect, text } of reported.filter(({ place }) => !seen.has(place.backend ?? ""))) {
      report("reported", place, { effect, text });
    }
  },
});

/** Names of the nodes there are; undefined for none, as in manifests, where nodes are not written down. */
function namesOf(nodes: readonly Node[]): ReadonlySet<string> | undefined {
  return nodes.length === 0 ? undefined : new Set(nodes.map(({ ref }) => ref.name));
}

function modeOf({ resolution }: Backend): "neg" | "instance-group" | undefined {
  return resolution.known ? resolution.value.backend?.mode : undefined;
}

interface StrayEndpoint {
  readonly slice: EndpointSlice;
  readonly endpoint: Endpoint;
}

/** Endpoints for the backend's port whose node is not there, in order of slice and address. */
function strayEndpoints(
  { endpoints, port }: Backend,
  nodes: ReadonlySet<string>,
  now: Moment,
): readonly StrayEndpoint[] {
  if (!endpoints.known || port === undefined) return [];
  const slices = endpoints.value.slices
    .filter((slice) => slice.ports.some(({ name }) => name === (port.name ?? "")))
    .filter(
      (slice) => slice.managedBy !== ENDPOINT_SLICE_CONTROLLER || now.hasCome(slice.changedAt + CLEANING_MS),
    )
    .sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
  return slices.flatMap((slice) =>
    slice.endpoints
      .filter(({ terminating, nodeName }) => !terminating && !nodes.has(nodeName ?? ""))
      .sort((a, b) => ((a.addresses[0] ?? "") < (b.addresses[0] ?? "") ? -1 : 1))
      .map((endpoint) => ({ slice, endpoint })),
  );
}

/** A sync newer than the slice that went well has left the endpoint out, and taken the others. */
function effectOn(
  { serviceNegs, reportedHealth }: Backend,
  { changedAt }: EndpointSlice,
): Omit<Place, "subject"> & {
  readonly effect: string;
} {
  const negs = serviceNegs.known ? serviceNegs.value : [];
  const passed = negs.some(
    ({ conditions, lastSyncAt = 0 }) =>
      lastSyncAt > changedAt && conditions.some(({ type, status }) => type === "Synced" && status === "True"),
  );
  if (passed) return { severity: "warning", symptoms: ["degraded"], effect: "the NEG leaves it out" };
  const effect = "the NEG controller neither adds nor removes endpoints any more";
  if (reportedHealth === "HEALTHY") return { severity: "warning", symptoms: ["stale"], effect };
  return { severity: "error", symptoms: ["502", "stale"], effect };
}
