import { describe, expect, test } from "vitest";
import { stringMap } from "../../src/model/refs.ts";
import { gather } from "../../src/reconciler/gather.ts";
import { KeyIndex } from "../../src/reconciler/key-index.ts";
import { affectedBy } from "../../src/reconciler/mapping.ts";
import type { AnyChange } from "../../src/reconciler/ports.ts";
import { sharedValues } from "../../src/reconciler/references.ts";
import * as build from "../support/builders.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";

/** A cluster whose Ingresses have all been gathered, and the keys that later changes were mapped to. */
class Watched {
  readonly cluster: MemoryCluster;
  readonly affected = new Set<string>();
  readonly #reads = new KeyIndex();
  readonly #shared = new KeyIndex();

  constructor(cluster: MemoryCluster) {
    this.cluster = cluster;
    this.gatherAll();
    cluster.subscribe({ changed: (change) => this.#map(change), phaseChanged: () => undefined });
  }

  /** Gathers every Ingress, as reconciling all of them would, and answers their snapshots as JSON. */
  gatherAll(): Map<string, string> {
    const { listers } = this.cluster;
    const all = listers.ingresses.all();
    const ingresses = all.known ? all.value : [];
    for (const ingress of ingresses) this.#shared.set(keyOf(ingress), sharedValues(ingress));
    return new Map(
      ingresses.map((ingress) => {
        const sharing = (value: string) => this.#shared.keysOf(value);
        const { snapshot, reads } = gather(ingress, { listers, sharing }, build.NOW);
        this.#reads.set(keyOf(ingress), reads);
        return [keyOf(ingress), JSON.stringify(snapshot)];
      }),
    );
  }

  #map(change: AnyChange): void {
    const { keys, tokens } = affectedBy(change, this.cluster.listers);
    for (const key of keys) this.affected.add(key);
    for (const token of tokens) for (const key of this.#reads.keysOf(token)) this.affected.add(key);
  }
}

function keyOf({ ref }: { readonly ref: { readonly namespace: string; readonly name: string } }): string {
  return `${ref.namespace}/${ref.name}`;
}

/** Ingress `web` with a BackendConfig and a FrontendConfig, and Ingress `api` in the same namespace. */
function shop(): MemoryCluster {
  const cluster = new MemoryCluster();
  const annotations = (kind: string, value: string) => stringMap({ [kind]: value });
  cluster.put(
    "ingresses",
    build.ingress({
      annotations: build.servedAnnotations({
        "networking.gke.io/v1beta1.FrontendConfig": "web-fc",
        "networking.gke.io/managed-certificates": "web-mc",
      }),
      tls: [{ hosts: [], secretName: "web-tls" }],
    }),
    build.ingress({
      name: "api",
      rules: [build.rule("api.example.com", build.path("/", "api"))],
      addresses: ["203.0.113.11"],
    }),
  );
  cluster.put(
    "services",
    build.service({ annotations: annotations("cloud.google.com/backend-config", '{"default":"web-bc"}') }),
    build.service({ name: "api" }),
    build.systemDefaultBackend(),
  );
  cluster.put("endpointSlices", build.slice(), build.slice({ service: "api" }));
  cluster.put("pods", build.pod(1), build.pod(1, {}, "api"));
  cluster.put("workloads", build.workload(), build.workload({ name: "api" }));
  cluster.put("serviceNegs", build.serviceNeg(), build.serviceNeg({ service: "api" }));
  cluster.put("backendConfigs", build.backendConfig({ iap: { enabled: true, secretName: "iap-oauth" } }));
  cluster.put("frontendConfigs", build.frontendConfig());
  cluster.put("nodes", build.node());
  return cluster;
}

type Step = (cluster: MemoryCluster) => void;
const managedCertificate = {
  ref: build.ref("networking.gke.io/v1", "ManagedCertificate", "web-mc"),
  createdAt: 0,
  domains: [],
  status: "",
  domainStatus: [],
};
const secret = { ref: build.ref("v1", "Secret", "web-tls"), type: "kubernetes.io/tls", keys: [] };
const iapSecret = { ref: build.ref("v1", "Secret", "iap-oauth"), type: "Opaque", keys: [] };
const policy = {
  ref: build.ref("networking.k8s.io/v1", "NetworkPolicy", "deny"),
  podSelector: { matchLabels: {}, matchExpressions: [] },
  restrictsIngress: true,
  ingress: [],
};
const eventAbout = (kind: string, name: string) =>
  build.event({ name: `${kind}.${name}`, about: { kind, namespace: "shop", name, uid: "" } });

/** Changes with the Ingresses they must reach. */
const STEPS: readonly (readonly [title: string, step: Step, keys: readonly string[]])[] = [
  ["the Ingress itself", (c) => c.put("ingresses", build.ingress({ generation: 2 })), ["shop/web"]],
  ["its Service", (c) => c.put("services", build.service({ type: "NodePort" })), ["shop/web"]],
  ["its Service going", (c) => c.remove("services", "shop", "web"), ["shop/web"]],
  ["a slice of its Service", (c) => c.put("endpointSlices", build.slice({ endpoints: [] })), ["shop/web"]],
  ["a pod of its Service", (c) => c.put("pods", build.pod(1, { ready: false })), ["shop/web"]],
  ["a new pod of its Service", (c) => c.put("pods", build.pod(2)), ["shop/web"]],
  ["a pod leaving its Service", (c) => c.put("pods", build.pod(1, { labels: stringMap({}) })), ["shop/web"]],
  ["its workload", (c) => c.put("workloads", build.workload({ replicas: 0 })), ["shop/web"]],
  ["its NEG", (c) => c.put("serviceNegs", build.serviceNeg({ zones: [] })), ["shop/web"]],
  ["its BackendConfig", (c) => c.put("backendConfigs", build.backendConfig({ timeoutSec: 5 })), ["shop/web"]],
  ["its BackendConfig going", (c) => c.remove("backendConfigs", "shop", "web-bc"), ["shop/web"]],
  ["its FrontendConfig", (c) => c.remove("frontendConfigs", "shop", "web-fc"), ["shop/web"]],
  ["its ManagedCertificate coming", (c) => c.put("managedCertificates", managedCertificate), ["shop/web"]],
  ["a Secret of its BackendConfig coming", (c) => c.put("secrets", iapSecret), ["shop/web"]],
  ["its Secret coming", (c) => c.put("secrets", secret), ["shop/web"]],
  ["an Event about it", (c) => c.put("events", eventAbout("Ingress", "web")), ["shop/web"]],
  ["an Event about its Service", (c) => c.put("events", eventAbout("Service", "web")), ["shop/web"]],
  ["an Event about its pod", (c) => c.put("events", eventAbout("Pod", "web-1")), ["shop/web"]],
  [
    "an Event about its NEG",
    (c) => c.put("events", eventAbout("ServiceNetworkEndpointGroup", build.negName("web"))),
    ["shop/web"],
  ],
  ["a policy of the namespace", (c) => c.put("networkPolicies", policy), ["shop/api", "shop/web"]],
  ["a Node", (c) => c.put("nodes", build.node({ ready: false })), ["shop/api", "shop/web"]],
  [
    "GKE's own default backend",
    (c) => c.remove("services", "kube-system", "default-http-backend"),
    ["shop/api", "shop/web"],
  ],
  [
    "another Ingress that takes its host",
    (c) =>
      c.put(
        "ingresses",
        build.ingress({ name: "new", rules: [build.rule("api.example.com")], addresses: [] }),
      ),
    ["shop/api", "shop/new"],
  ],
];

describe("a change reaches exactly the Ingresses it concerns", () => {
  test.each(STEPS)("%s", (_title, step, keys) => {
    const watched = new Watched(shop());
    step(watched.cluster);
    expect([...watched.affected].sort()).toEqual(keys);
  });

  test("our own Events concern nobody", () => {
    const watched = new Watched(shop());
    watched.cluster.put("events", { ...eventAbout("Ingress", "web"), component: "ingress-doctor" });
    expect([...watched.affected]).toEqual([]);
  });

  test("something of another namespace concerns nobody", () => {
    const watched = new Watched(shop());
    const elsewhere = (apiVersion: string, kind: string) => build.ref(apiVersion, kind, "web", "elsewhere");
    watched.cluster.put("services", build.service({ ref: elsewhere("v1", "Service") }));
    watched.cluster.put("pods", build.pod(1, { ref: elsewhere("v1", "Pod") }));
    watched.cluster.put(
      "endpointSlices",
      build.slice({ ref: elsewhere("discovery.k8s.io/v1", "EndpointSlice") }),
    );
    expect([...watched.affected]).toEqual([]);
  });
});

describe("whatever changes a snapshot reaches its Ingress", () => {
  // A near miss widens what was read, so these are tried from clusters where something is missing too.
  const starts: readonly (readonly [title: string, start: Step])[] = [
    ["complete", () => undefined],
    ["without its Service", (c) => c.remove("services", "shop", "web")],
    [
      "with a selector that misses",
      (c) => c.put("services", build.service({ selector: stringMap({ app: "x" }) })),
    ],
    ["without its BackendConfig", (c) => c.remove("backendConfigs", "shop", "web-bc")],
    ["without a selector", (c) => c.put("services", build.service({ selector: undefined }))],
    ["without pods", (c) => c.remove("pods", "shop", "web-1")],
  ];
  const neighbours: readonly (readonly [title: string, step: Step])[] = [
    ["a neighbouring Service", (c) => c.put("services", build.service({ name: "wbe" }))],
    ["a neighbouring pod", (c) => c.put("pods", build.pod(1, { ready: false }, "api"))],
    ["a neighbouring workload", (c) => c.put("workloads", build.workload({ name: "wbe" }))],
    ["a neighbouring BackendConfig", (c) => c.put("backendConfigs", build.backendConfig({ name: "wbe-bc" }))],
  ];
  const cases = starts.flatMap(([from, start]) =>
    [...STEPS, ...neighbours].map(([title, step]) => ({ from, start, title, step })),
  );

  test.each(cases)("$from: $title", ({ start, step }) => {
    const cluster = shop();
    start(cluster);
    const watched = new Watched(cluster);
    const before = watched.gatherAll();
    step(cluster);
    const after = watched.gatherAll();
    const changed = [...after].filter(([key, snapshot]) => before.get(key) !== snapshot).map(([key]) => key);
    expect([...watched.affected]).toEqual(expect.arrayContaining(changed));
  });
});

describe("KeyIndex", () => {
  test("files a key under its newest values only", () => {
    const index = new KeyIndex();
    index.set("a/1", new Set(["x", "y"]));
    index.set("a/2", new Set(["y"]));
    index.set("a/1", new Set(["y", "z"]));
    expect([[...index.keysOf("x")], [...index.keysOf("y")].sort(), [...index.keysOf("z")]]).toEqual([
      [],
      ["a/1", "a/2"],
      ["a/1"],
    ]);
    index.delete("a/1");
    expect([[...index.keysOf("y")], [...index.keysOf("z")], index.size]).toEqual([["a/2"], [], 1]);
  });
});
