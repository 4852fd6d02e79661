import type { Cluster } from "../mutations/cluster.ts";
import type { Fault, Onset } from "../mutations/fault.ts";
import { FAULTS } from "../mutations/faults.ts";
import { broken, healthy, momentOf, type Scene } from "../mutations/life.ts";
import type { EndpointSlice, Pod } from "../mutations/raw-objects.ts";
import { built, SCENARIOS, type Scenario } from "../mutations/scenarios.ts";
import type { Resources } from "../simulator/compute-api/resources.ts";
import type { PodScript } from "./pods.ts";

/** What a fault does where Kubernetes cannot see it: in the pods, and between Google and them. */
export interface Outside {
  /** What the pods do, by their label `app`. */
  readonly pods?: PodScript["behaviours"];
  /** Changes what Google holds. */
  readonly change?: (resources: Resources) => void;
}

/** A cluster with its pods and its load balancers, to be diagnosed and to be asked. */
export interface AgreementScenario {
  readonly name: string;
  readonly base: Scenario;
  readonly fault?: Fault;
  readonly onset?: Onset;
  readonly outside: Outside;
}

/** Both sides of a scenario: the cluster before the fault and as it is looked at. */
export interface Staged {
  readonly before: Scene;
  readonly now: Scene;
}

export function staged({ base, fault, onset = "later" }: AgreementScenario): Staged {
  const before = healthy(base);
  const now = fault === undefined ? healthy(base) : broken(base, fault, momentOf(onset));
  for (const { cluster } of [before, now]) completeDefaultBackend(cluster);
  return { before, now };
}

/** Gives GKE's default backend its endpoints, and takes the readiness probe that the real one does not have. */
function completeDefaultBackend(cluster: Cluster): void {
  const namespace = "kube-system";
  const pods = cluster.objects.filter(
    (object): object is Pod => object.kind === "Pod" && object.metadata.namespace === namespace,
  );
  for (const { spec } of pods) for (const container of spec.containers) delete container.readinessProbe;
  const slice: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "default-http-backend-9wz70",
      namespace,
      labels: { "kubernetes.io/service-name": "default-http-backend" },
    },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: pods.map(({ metadata, spec, status }) => ({
      addresses: [status.podIP ?? ""],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: "Pod", namespace, name: metadata.name },
      nodeName: spec.nodeName ?? "",
    })),
  };
  cluster.add(slice);
}

/** The scenario whose load balancer answers 503 where the others answer 502. */
const INTERNAL = "internal";

/** Every healthy scenario. */
export const HEALTHY: readonly AgreementScenario[] = SCENARIOS.map((base) => ({
  name: base.name,
  base,
  outside: {},
}));

const ANSWERS_ONLY_READY: Outside = { pods: { web: { paths: { "/ready": 200 }, otherwise: 404 } } };

/** What comes with faults that lie in an answer, not in an object. */
const OUTSIDE: Readonly<Record<string, Outside>> = {
  "health-check-path-fails on the default path": ANSWERS_ONLY_READY,
  "health-check-path-fails with a probe of another kind": ANSWERS_ONLY_READY,
  "health-check-path-fails by BackendConfig": ANSWERS_ONLY_READY,
  "health-check-path-fails because the probe asks another port": ANSWERS_ONLY_READY,
  "BackendConfig named on the Ingress": ANSWERS_ONLY_READY,
  "backendconfig-port-key-mismatch": ANSWERS_ONLY_READY,
  "health-check-blocked-by-firewall": { change: closeFirewall },
  "permission-denied to attach": { change: emptyNegs },
};

function closeFirewall(resources: Resources): void {
  for (const { resource } of resources.everywhere("lab-project", "firewalls")) {
    resources.put({ ...resource, allowed: [], denied: [{ IPProtocol: "all" }] });
  }
}

function emptyNegs(resources: Resources): void {
  for (const { resource } of resources.everywhere("lab-project", "networkEndpointGroups")) {
    if (resource.name.includes("-shop-")) resources.setEndpoints(resource.selfLink, []);
  }
}

/** Every kind of fault, each in the first scenario that it applies to, external and internal, at each onset. */
export const BROKEN: readonly AgreementScenario[] = FAULTS.flatMap((fault) => {
  const bases = SCENARIOS.filter((scenario) => fault.applies(built(scenario, momentOf("later").seenAt)));
  const first = bases.find(({ name }) => name !== INTERNAL);
  const internal = fault.symptoms?.includes("502") ? bases.find(({ name }) => name === INTERNAL) : undefined;
  return [first, internal].flatMap((base) =>
    base === undefined ? [] : fault.onsets.map((onset) => brokenBy(base, fault, onset)),
  );
});

function brokenBy(base: Scenario, fault: Fault, onset: Onset): AgreementScenario {
  const name = `${fault.id}, ${onset}, in ${base.name}`;
  return { name, base, fault, onset, outside: OUTSIDE[fault.id] ?? {} };
}
