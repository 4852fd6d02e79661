import { describe, expect, test } from "vitest";
import { type Observed, unknown } from "../../src/model/observed.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type Gathered, gather } from "../../src/reconciler/gather.ts";
import type { CachedKind } from "../../src/reconciler/ports.ts";
import { sharedValues } from "../../src/reconciler/references.ts";
import * as build from "../support/builders.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";

/** Gathers Ingress `web` of the tests' namespace. */
function gatherWeb(cluster: MemoryCluster, name = "web"): Gathered {
  const found = cluster.listers.ingresses.get(`shop/${name}`);
  if (!found.known || found.value === undefined) throw new Error(`no Ingress ${name}`);
  const all = cluster.listers.ingresses.all();
  const sharing = (value: string) =>
    (all.known ? all.value : [])
      .filter((other) => sharedValues(other).has(value))
      .map(({ ref }) => `${ref.namespace}/${ref.name}`);
  return gather(found.value, { listers: cluster.listers, sharing }, build.NOW);
}

function names(list: Observed<readonly { readonly ref: { readonly name: string } }[]>): string[] {
  return list.known ? list.value.map(({ ref }) => ref.name).sort() : [`unknown: ${list.reason}`];
}

/** Ingress `web` with everything behind it, in a namespace that holds other things too. */
function shop(): MemoryCluster {
  const cluster = new MemoryCluster();
  cluster.put("ingresses", build.ingress());
  cluster.put("services", build.service(), build.service({ name: "other" }), build.systemDefaultBackend());
  cluster.put("endpointSlices", build.slice(), build.slice({ service: "other" }));
  cluster.put("pods", build.pod(1), build.pod(2), build.pod(1, {}, "other"));
  cluster.put("workloads", build.workload(), build.workload({ name: "other" }));
  cluster.put("serviceNegs", build.serviceNeg(), build.serviceNeg({ service: "other" }));
  cluster.put("nodes", build.node());
  cluster.put("events", build.event());
  return cluster;
}

test("a healthy Ingress is gathered with what belongs to it and nothing else", () => {
  const { snapshot } = gatherWeb(shop());
  expect({ ...snapshot, takenAt: 0 }).toMatchObject({ ingress: { ref: { name: "web" } } });
  expect(snapshot.takenAt).toBe(build.NOW);
  expect(Object.isFrozen(snapshot)).toBe(true);
  const shown = ["services", "pods", "workloads", "backendConfigs", "nodes"] as const;
  expect(Object.fromEntries(shown.map((key) => [key, names(snapshot[key])]))).toEqual({
    services: ["web"],
    pods: ["web-1", "web-2"],
    workloads: ["web"],
    backendConfigs: [],
    nodes: ["node-a"],
  });
  expect(names(snapshot.endpointSlices)).toEqual(["web-abc12"]);
  expect(names(snapshot.serviceNegs)).toEqual([build.negName("web")]);
  expect(snapshot.systemDefaultBackend).toMatchObject({
    known: true,
    value: { ref: { namespace: "kube-system" } },
  });
  expect([snapshot.secrets.known, snapshot.loadBalancer.known, snapshot.probes.known]).toEqual([
    true,
    false,
    false,
  ]);
});

describe("where something named is missing, its neighbours join", () => {
  test("Services", () => {
    const cluster = shop();
    cluster.remove("services", "shop", "web");
    expect(names(gatherWeb(cluster).snapshot.services)).toEqual(["other"]);
  });

  test("pods and workloads, when a selector matches none", () => {
    const cluster = shop();
    cluster.put("services", build.service({ selector: stringMap({ app: "wbe" }) }));
    const { snapshot } = gatherWeb(cluster);
    expect(names(snapshot.pods)).toEqual(["other-1", "web-1", "web-2"]);
    expect(names(snapshot.workloads)).toEqual(["other", "web"]);
  });

  test("BackendConfigs, when the annotation names a missing one or cannot be read", () => {
    const cluster = shop();
    cluster.put("backendConfigs", build.backendConfig(), build.backendConfig({ name: "another" }));
    const annotated = (value: string) => {
      const annotations = stringMap({ "cloud.google.com/backend-config": value });
      cluster.put("services", build.service({ annotations }));
      return names(gatherWeb(cluster).snapshot.backendConfigs);
    };
    expect(annotated('{"default":"web-bc"}')).toEqual(["web-bc"]);
    expect(annotated('{"ports":{"80":"web-bc","81":"gone"}}')).toEqual(["another", "web-bc"]);
    expect(annotated("web-bc")).toEqual(["another", "web-bc"]);
  });

  test("no more than 500, the first by name", () => {
    const cluster = shop();
    cluster.put("pods", ...Array.from({ length: 700 }, (_, index) => build.pod(1000 + index, {}, "crowd")));
    cluster.put("services", build.service({ selector: stringMap({ app: "nobody" }) }));
    const pods = names(gatherWeb(cluster).snapshot.pods);
    expect(pods).toHaveLength(500);
    expect([pods[0], pods.at(-1)]).toEqual(["crowd-1000", "crowd-1499"]);
  });

  test("but never those of kube-system", () => {
    const cluster = shop();
    const elsewhere = { namespace: "kube-system", apiVersion: "v1", kind: "Pod" };
    cluster.put(
      "pods",
      build.pod(1, { ref: { ...elsewhere, name: "dns" }, labels: stringMap({ app: "dns" }) }),
    );
    expect(names(gatherWeb(cluster).snapshot.pods)).toEqual(["web-1", "web-2"]);
  });
});

test("a Service without a selector brings the pods that its slices name", () => {
  const cluster = shop();
  cluster.put("services", build.service({ selector: undefined }));
  expect(names(gatherWeb(cluster).snapshot.pods)).toEqual(["web-1", "web-2"]);
});

test("Ingresses that share a host, a Service or an address are shown; a rule for all hosts is nothing shared", () => {
  const cluster = shop();
  const addressed = (name: string, address: string) =>
    build.servedAnnotations({ "kubernetes.io/ingress.global-static-ip-name": address, "test/name": name });
  const other = (name: string, host: string, service: string, address: string) =>
    build.ingress({
      name,
      rules: [build.rule(host, build.path("/", service))],
      annotations: addressed(name, address),
      addresses: [],
    });
  cluster.put(
    "ingresses",
    build.ingress({
      rules: [build.rule("shop.example.com", build.path("/")), build.rule("", build.path("/x"))],
      annotations: addressed("web", "ip-1"),
    }),
    other("same-host", "shop.example.com", "other", "ip-2"),
    other("same-service", "b.example.com", "web", "ip-3"),
    other("same-address", "c.example.com", "other", "ip-1"),
    other("same-nothing", "", "other", "ip-4"),
  );
  expect(names(gatherWeb(cluster).snapshot.ingresses)).toEqual(["same-address", "same-host", "same-service"]);
});

test("Events are those about the Ingress and what is behind it, but our own", () => {
  const cluster = shop();
  const about = (kind: string, name: string, component = "neg-controller") =>
    build.event({ name: `${kind}-${name}`, component, about: { kind, namespace: "shop", name, uid: "" } });
  cluster.put(
    "events",
    about("Service", "web"),
    about("Service", "other"),
    about("Pod", "web-1", "kubelet"),
    about("ServiceNetworkEndpointGroup", build.negName("web")),
    about("Ingress", "web", "ingress-doctor"),
  );
  const { events } = gatherWeb(cluster).snapshot;
  expect(events.known && events.value.map(({ name }) => name).sort()).toEqual(
    [
      "Pod-web-1",
      "Service-web",
      `ServiceNetworkEndpointGroup-${build.negName("web")}`,
      build.event().name,
    ].sort(),
  );
});

describe("what cannot be read is unknown, never absent", () => {
  const parts: Readonly<Partial<Record<CachedKind, (snapshot: Snapshot) => Observed<unknown>>>> = {
    services: (snapshot) => snapshot.services,
    endpointSlices: (snapshot) => snapshot.endpointSlices,
    pods: (snapshot) => snapshot.pods,
    workloads: (snapshot) => snapshot.workloads,
    serviceNegs: (snapshot) => snapshot.serviceNegs,
    nodes: (snapshot) => snapshot.nodes,
    networkPolicies: (snapshot) => snapshot.networkPolicies,
    events: (snapshot) => snapshot.events,
  };

  test.each(Object.entries(parts))("%s", (kind, part) => {
    const cluster = shop();
    cluster.forbid(kind as CachedKind);
    const answer = part(gatherWeb(cluster).snapshot);
    expect(answer).toMatchObject(
      unknown(kind as "pods", "forbidden", expect.any(String) as unknown as string),
    );
  });

  test("named configuration", () => {
    const cluster = shop();
    cluster.put(
      "ingresses",
      build.ingress({
        annotations: build.servedAnnotations({
          "networking.gke.io/v1beta1.FrontendConfig": "fc",
          "networking.gke.io/managed-certificates": "mc",
        }),
        tls: [{ hosts: [], secretName: "tls" }],
      }),
    );
    cluster.put(
      "services",
      build.service({ annotations: stringMap({ "cloud.google.com/backend-config": '{"default":"bc"}' }) }),
    );
    for (const kind of ["backendConfigs", "frontendConfigs", "managedCertificates", "secrets"] as const) {
      cluster.withdraw(kind);
      expect(gatherWeb(cluster).snapshot[kind]).toMatchObject({
        known: false,
        source: kind,
        reason: "not-configured",
      });
    }
  });

  test("Secrets that only a BackendConfig names", () => {
    const cluster = shop();
    const annotation = { "cloud.google.com/backend-config": '{"default":"web-bc"}' };
    cluster.put("services", build.service({ annotations: stringMap(annotation) }));
    cluster.put(
      "backendConfigs",
      build.backendConfig({
        iap: { enabled: true, secretName: "iap-oauth" },
        cdn: { enabled: true, signedUrlSecrets: ["cdn-key"] },
      }),
    );
    for (const name of ["iap-oauth", "cdn-key"]) {
      cluster.put("secrets", { ref: build.ref("v1", "Secret", name), type: "Opaque", keys: [] });
    }
    expect(names(gatherWeb(cluster).snapshot.secrets)).toEqual(["cdn-key", "iap-oauth"]);
    cluster.withdraw("secrets");
    expect(gatherWeb(cluster).snapshot.secrets).toMatchObject({ known: false, source: "secrets" });
  });

  test("the system default backend is asked about under its own name", () => {
    const cluster = shop();
    cluster.forbid("services");
    expect(gatherWeb(cluster).snapshot.systemDefaultBackend).toMatchObject({
      source: "systemDefaultBackend",
    });
  });
});
