import type { NetworkEndpointGroup } from "../../../model/load-balancer.ts";
import type { Observed } from "../../../model/observed.ts";
import { type LiveBackend, liveBackends } from "../../live-backends.ts";
import { defineRule, type Report } from "../../rule.ts";
import { counted, listed } from "../../text.ts";
import type { Topology } from "../../topology.ts";

/** Attaching takes seconds; under a busy Compute API, minutes (ingress-gce pkg/neg: retries from 5 s to 600 s). */
const ATTACH_MS = 5 * 60_000;

/** Detaching is followed by draining, an hour at most by a BackendConfig, and Google's list by a poll. */
const DETACH_MS = 75 * 60_000;

const MESSAGES = {
  none: "None of {ready} of Service {service} is in network endpoint group {neg}, so the load balancer reaches no pod.",
  some: "{missing} of {ready} of Service {service} are not in network endpoint group {neg} ({addresses}), so they get no traffic.",
  stale:
    "Network endpoint group {neg} still holds {stale} ({addresses}) that no EndpointSlice of Service {service} has, so requests go to whatever has the address now.",
} as const;

export default defineRule({
  code: "GID903",
  slug: "neg-endpoints-missing",
  severity: "error",
  symptoms: ["502"],
  stage: "network",
  reads: ["backends", "loadBalancer", "now"],
  rows: ["NEG-02"],
  summary: "Ready endpoints of a Service are not in its network endpoint groups.",
  why: "The load balancer sends traffic to what the NEG holds. Endpoints that Kubernetes has and the NEG lacks get none, and old ones that it still holds get requests nobody answers.",
  fix: "Read the Events of the Service for the reason, and recreate the Service if its NEG stays behind.",
  confirm: [
    "kubectl -n NAMESPACE describe service SERVICE",
    "gcloud compute network-endpoint-groups list-network-endpoints NEG --zone=ZONE",
  ],
  sources: ["ingress-gce: pkg/neg/syncers/transaction.go"],
  messages: MESSAGES,

  check(topology, report) {
    for (const found of liveBackends(topology, report)) {
      const { backend, loadBalancer } = found;
      if (!report.knows(backend.endpoints) || !report.knows(backend.pods) || !report.knows(loadBalancer.negs))
        continue;
      const attached = attachedAddresses(found, loadBalancer.negs.value, report.knows);
      if (attached !== undefined) reportStale(found, attached, topology, report);
      const ready = settledAddresses(found, topology);
      if (attached === undefined || ready.length === 0) continue;
      const missing = ready.filter((address) => !attached.has(address));
      if (missing.length === 0) continue;
      const shared = {
        ready: counted(ready.length, "ready endpoint"),
        service: backend.serviceName,
        neg: found.live.name,
      };
      if (missing.length === ready.length) report("none", found.place, shared);
      else {
        const place = { ...found.place, severity: "warning", symptoms: ["degraded"] } as const;
        report("some", place, { ...shared, missing: missing.length, addresses: listed(missing) });
      }
    }
  },
});

/** Endpoints that were detached in Kubernetes long ago; those that Google calls unhealthy get no requests. */
function reportStale(
  { backend, live, place }: LiveBackend,
  attached: ReadonlySet<string>,
  { now }: Topology,
  report: Report<typeof MESSAGES>,
): void {
  const slices = backend.endpoints.known ? backend.endpoints.value.slices : [];
  if (slices.length === 0 || slices.some(({ changedAt }) => !now.hasCome(changedAt + DETACH_MS))) return;
  const current = new Set(slices.flatMap((slice) => slice.endpoints.flatMap(({ addresses }) => addresses)));
  const stale = [...attached].filter((address) => !current.has(address)).sort();
  if (stale.length === 0) return;
  const health = live.health.known ? live.health.value : [];
  const isServed = health.some(({ address, state }) => state === "HEALTHY" && stale.includes(address));
  const severity = isServed ? "warning" : "info";
  report(
    "stale",
    { ...place, severity, symptoms: ["degraded"] },
    {
      neg: live.name,
      stale: counted(stale.length, "endpoint"),
      addresses: listed(stale),
      service: backend.serviceName,
    },
  );
}

/** Addresses in every zone's NEG of a backend; undefined for instance groups, or where one NEG was not read. */
function attachedAddresses(
  { live }: LiveBackend,
  negs: readonly NetworkEndpointGroup[],
  knows: (observed: Observed<unknown>) => boolean,
): ReadonlySet<string> | undefined {
  const names = new Set(live.groups.flatMap(({ kind, name }) => (kind === "neg" ? [name] : [])));
  const own = negs.filter(({ name }) => names.has(name));
  if (own.length === 0 || !own.every(({ endpoints }) => knows(endpoints))) return undefined;
  return new Set(
    own.flatMap(({ endpoints }) => (endpoints.known ? endpoints.value.map(({ address }) => address) : [])),
  );
}

/** IPv4 addresses of ready endpoints whose pods have existed long enough to be attached. */
function settledAddresses({ backend }: LiveBackend, { now }: Topology): readonly string[] {
  const pods = new Map((backend.pods.known ? backend.pods.value : []).map((pod) => [pod.ref.name, pod]));
  const ready = backend.endpoints.known ? backend.endpoints.value.ready : [];
  const settled = ready.filter(({ pod }) =>
    now.hasCome((pods.get(pod ?? "")?.createdAt ?? Number.POSITIVE_INFINITY) + ATTACH_MS),
  );
  const addresses = settled
    .flatMap((endpoint) => endpoint.addresses.slice(0, 1))
    .filter((one) => !one.includes(":"));
  return [...new Set(addresses)].sort();
}
