import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { TestClient } from "../controlplane/client.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { installGkeCrds } from "../controlplane/gke/install.ts";
import {
  ANSWERS_ANNOTATION,
  FIREWALL_ANNOTATION,
  NEG_ERROR_ANNOTATION,
  PROBES_BLOCKED_ANNOTATION,
  SYNC_ERROR_ANNOTATION,
} from "../controlplane/gke/scenario.ts";
import { type GkeController, startGkeController } from "../controlplane/gke-controller.ts";
import type { KubeObject, Manifest } from "../controlplane/kube-object.ts";
import { applyManifests, parseManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { describeWithShared, hasShared, sharedPath } from "../support/shared.ts";

interface Event extends KubeObject {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

let client: TestClient;
beforeAll(async () => {
  client = new TestClient(inject("controlPlane"));
  await installGkeCrds(client, hasShared("crds") ? sharedPath("crds") : undefined);
});
afterAll(() => client.close());

/** What a recording's manifests do not tell: what the applications answered, and what Google Cloud refused. */
interface Circumstances {
  readonly answers?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Recordings that the stand-in must reproduce. */
const RECORDINGS: Record<string, Circumstances> = {
  "app-protocols-invalid-value": {},
  "backendconfig-annotation-invalid-json": {},
  "backendconfig-annotation-wrong-port-key": { answers: '{"8080": {"/ready": 200}}' },
  "backendconfig-hc-port-wrong": {},
  "backendconfig-hc-type-https": {},
  "class-name-field-gce": {},
  "default-backend-service-missing": {},
  "duplicate-paths": {},
  "externalname-service-with-neg": {},
  "firewall-health-check-blocked": { annotations: { [PROBES_BLOCKED_ANNOTATION]: "true" } },
  "frontendconfig-missing": {},
  "headless-service-port-mismatch": {},
  "health-check-path-404": { answers: '{"8080": {"/ready": 200}}' },
  "health-check-path-404-nodeport": { answers: '{"8080": {"/ready": 200}}' },
  "healthy-backendconfig-per-port": {},
  "healthy-default-backend-only": {},
  "healthy-https-only": {},
  "healthy-multi-host": {},
  "healthy-named-target-port": {},
  "healthy-nodeport-neg": {},
  "healthy-pre-shared-cert": {},
  "healthy-readiness-gates": {},
  "healthy-rule-without-host": {},
  "healthy-standalone-neg": {},
  "internal-clusterip-without-neg": {},
  "managed-certificate-missing": {},
  "missing-service-one-of-two": {},
  "neg-annotation-ingress-false": {},
  "neg-annotation-invalid-json": {},
  "neg-custom-name-with-ingress": {},
  "neg-exposed-only-with-ingress": {},
  "path-implementation-specific-no-star": {},
  "path-prefix-with-star": {},
  "pods-unschedulable": {},
  "quota-backend-services": {
    annotations: {
      [SYNC_ERROR_ANNOTATION]:
        "error running backend syncing routine: googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded." +
        "  Limit: 5.0 globally., quotaExceeded",
    },
  },
  "readinessprobe-tcp": { answers: '{"8080": {"/ready": 200}}' },
  "selector-typo-nodeport": {},
  "service-udp-port": {},
  "static-ip-both-annotations": {},
  "tls-certificate-host-mismatch": {},
  "tls-secret-one-of-two-missing": {},
  "wrong-service-port-name": {},
  "zero-replicas": {},
};

describeWithShared("the stand-in leaves what the real controller left", () => {
  test.each(Object.entries(RECORDINGS))("%s", async (name, circumstances) => {
    const recording = (file: string) => readFileSync(sharedPath("recordings", name, file), "utf8");
    const manifests = parseManifests(recording("manifests.yaml")).filter((one) => one.kind !== "Namespace");
    const recorded = (JSON.parse(recording("cluster.json")) as { items: KubeObject[] }).items;
    const namespace = await createNamespace(client, "recorded");
    const controller = await startGkeController(client, namespace);
    try {
      await applyManifests(
        client,
        manifests.map((one) => under(circumstances, one)),
        namespace,
      );
      await eventually(async () => expect(await leftBehind(namespace)).toEqual(summary(recorded)), {
        timeoutMs: 20_000,
      });
    } finally {
      await controller.stop();
    }
  });

  async function leftBehind(namespace: string) {
    const kinds = [
      "networking.k8s.io/v1/Ingress",
      "v1/Service",
      "networking.gke.io/v1beta1/ServiceNetworkEndpointGroup",
      "v1/Event",
    ];
    return summary((await Promise.all(kinds.map((kind) => client.list(kind, { namespace })))).flat());
  }
});

describe("the stand-in follows changes", () => {
  let namespace: string;
  let controller: GkeController;
  beforeAll(async () => {
    namespace = await createNamespace(client, "changes");
    controller = await startGkeController(client, namespace);
  });
  afterAll(() => controller.stop());

  test("a missing Service that appears lets the sync finish", async () => {
    const [service, ...others] = application("late");
    await applyManifests(client, others, namespace);
    await waitFor(async () => (await reasonsOf("late")).includes("Translate"));
    expect(await backendsOf("late")).toBeUndefined();
    if (service !== undefined) await applyManifests(client, [service], namespace);
    await waitFor(async () => (await backendsOf("late"))?.includes("HEALTHY"));
  });

  test("an error of Google Cloud is reported and leaves the last state", async () => {
    await applyManifests(client, application("frozen"), namespace);
    const before = await waitFor(() => backendsOf("frozen"));
    await annotate("frozen", {
      [SYNC_ERROR_ANNOTATION]: "loadbalancer {loadbalancer} does not exist: quota",
    });
    const event = await waitFor(async () =>
      (await eventsAbout("frozen")).find((one) => one.type === "Warning" && one.reason === "Sync"),
    );
    expect(event.message).toMatch(
      /^Error syncing to GCP: loadbalancer [a-z0-9]{8}-changes-\S+ does not exist: quota$/,
    );
    expect(await backendsOf("frozen")).toBe(before);
  });

  test("endpoints that cannot be attached show on the Service and its NEG", async () => {
    const [service, ...others] = application("unattached");
    const annotations = { ...(service?.metadata.annotations as object), [NEG_ERROR_ANNOTATION]: "denied" };
    const failing = service && { ...service, metadata: { ...service.metadata, annotations } };
    await applyManifests(client, failing === undefined ? others : [failing, ...others], namespace);
    const event = await waitFor(async () => {
      const events = await client.list<Event>("v1/Event", { namespace, fieldSelector: "type=Warning" });
      return events.find(
        (one) => one.involvedObject.name === "unattached" && one.involvedObject.kind === "Service",
      );
    });
    expect(event.reason).toBe("SyncNetworkEndpointGroupFailed");
    expect(event.message).toMatch(/^Failed to sync NEG "k8s1-\S+" \(will retry\): denied$/);
    const [neg] = await negsOf("unattached");
    expect(neg?.status).toMatchObject({
      conditions: [
        { type: "Initialized", status: "True" },
        { type: "Synced", status: "False", message: "denied" },
      ],
    });
  });

  test("a firewall that may not be changed is a Normal Event and unhealthy backends", async () => {
    await applyManifests(client, application("walled"), namespace);
    await annotate("walled", { [FIREWALL_ANNOTATION]: "gcloud compute firewall-rules create k8s-fw" });
    const event = await waitFor(async () =>
      (await eventsAbout("walled")).find((one) => one.reason === "XPN"),
    );
    expect(event).toMatchObject({
      type: "Normal",
      message: "Firewall change required by security admin: `gcloud compute firewall-rules create k8s-fw`",
    });
    await waitFor(async () => (await backendsOf("walled"))?.includes('"UNHEALTHY"'));
  });

  test("a changed class takes the finalizer and leaves address and annotations", async () => {
    await applyManifests(client, application("moved"), namespace);
    const backends = await waitFor(() => servedBackendsOf("moved"));
    await annotate("moved", { "kubernetes.io/ingress.class": "nginx" });
    await eventually(async () => {
      const ingress = await client.get("networking.k8s.io/v1/Ingress", "moved", namespace);
      expect(ingress.metadata.finalizers).toBeUndefined();
      expect(JSON.stringify(ingress.status)).toContain('"ip"');
    });
    expect(await backendsOf("moved")).toBe(backends);
  });

  test("a deleted Ingress goes away with its NEG", async () => {
    await applyManifests(client, application("gone"), namespace);
    await waitFor(() => backendsOf("gone"));
    expect(await negsOf("gone")).toHaveLength(1);
    await client.delete(ingressRef("gone"));
    await waitFor(
      async () => (await client.find("networking.k8s.io/v1/Ingress", "gone", namespace)) === undefined,
    );
    await eventually(async () => expect(await negsOf("gone")).toEqual([]));
  });

  test("an unchanged cluster is left alone", async () => {
    await applyManifests(client, application("calm"), namespace);
    await waitFor(() => servedBackendsOf("calm"));
    // Pods of this and earlier tests may still be coming up; once they have, nothing is written any more.
    await eventually(async () => {
      const before = await versions();
      await controller.sync(namespace);
      expect(await versions()).toEqual(before);
    });
  });

  test("a readiness gate opens when the load balancer sees the pod healthy", async () => {
    const gate = { conditionType: "cloud.google.com/load-balancer-neg-ready" };
    const manifests = application("gated").map((manifest) =>
      manifest.kind === "Deployment" ? withTemplate(manifest, { readinessGates: [gate] }) : manifest,
    );
    await applyManifests(client, manifests, namespace);
    await waitFor(async () => {
      const pods = await client.list<
        KubeObject & { status: { conditions?: { type: string; status: string }[] } }
      >("v1/Pod", { namespace, labelSelector: "app=gated" });
      return pods.some((pod) =>
        pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
      );
    });
  });

  /** The annotation once a pod answers, which is the last state that a healthy application gets to. */
  async function servedBackendsOf(name: string): Promise<string | undefined> {
    const backends = await backendsOf(name);
    return backends?.includes('"HEALTHY"') ? backends : undefined;
  }

  async function backendsOf(name: string): Promise<string | undefined> {
    const ingress = await client.get("networking.k8s.io/v1/Ingress", name, namespace);
    return ingress.metadata.annotations?.["ingress.kubernetes.io/backends"];
  }

  async function eventsAbout(name: string): Promise<Event[]> {
    const fieldSelector = `involvedObject.kind=Ingress,involvedObject.name=${name}`;
    return client.list<Event>("v1/Event", { namespace, fieldSelector });
  }

  async function reasonsOf(name: string): Promise<string[]> {
    return (await eventsAbout(name)).map((event) => event.reason);
  }

  function negsOf(name: string): Promise<KubeObject[]> {
    const labelSelector = `networking.gke.io/service-name=${name}`;
    return client.list("networking.gke.io/v1beta1/ServiceNetworkEndpointGroup", { namespace, labelSelector });
  }

  async function versions(): Promise<(string | undefined)[]> {
    const kinds = ["networking.k8s.io/v1/Ingress", "v1/Service", "v1/Event"];
    const objects = await Promise.all(kinds.map((kind) => client.list(kind, { namespace })));
    return objects.flat().map((object) => object.metadata.resourceVersion);
  }

  function annotate(name: string, annotations: Record<string, string>): Promise<KubeObject> {
    return client.patch(ingressRef(name), { metadata: { annotations } });
  }

  function ingressRef(name: string) {
    return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name, namespace } };
  }
});

/** What must agree between a recording and the stand-in, without names that differ between clusters. */
/** How many endpoints came in which order is chance, and so is whether the API server repairs its own books meanwhile. */
const OTHER_REASONS = ["Attach", "ClusterIPNotAllocated"];

function summary(objects: readonly KubeObject[]) {
  const events = objects.filter((object) => object.kind === "Event") as Event[];
  const told = events
    .filter(
      ({ involvedObject, reason }) =>
        ["Ingress", "Service"].includes(involvedObject.kind) && !OTHER_REASONS.includes(reason),
    )
    .map(
      (event) =>
        `${event.involvedObject.kind}/${event.involvedObject.name} ${event.type} ${event.reason} ${general(event.message)}`,
    );
  const ingresses = objects
    .filter((object) => object.kind === "Ingress")
    .map((ingress) => {
      const annotations = Object.entries(ingress.metadata.annotations ?? {});
      const written = annotations.filter(([key]) => key.startsWith("ingress.kubernetes.io/"));
      return {
        name: ingress.metadata.name,
        finalizers: ingress.metadata.finalizers ?? [],
        hasAddress: JSON.stringify(ingress.status).includes('"ip"'),
        annotations: written.map(([key, value]) => `${key}=${general(sortedMap(value))}`).sort(),
      };
    });
  const services = objects
    .filter((object) => object.kind === "Service")
    .map((service) => {
      const status = service.metadata.annotations?.["cloud.google.com/neg-status"];
      return `${service.metadata.name} ${general(status ?? "")}`;
    });
  const negs = objects
    .filter((object) => object.kind === "ServiceNetworkEndpointGroup")
    .map((neg) => {
      const { conditions = [] } = neg.status as {
        conditions?: { type: string; status: string; reason: string }[];
      };
      const labels = neg.metadata.labels ?? {};
      const states = conditions.map((one) => `${one.type}=${one.status} ${one.reason}`);
      return `${labels["networking.gke.io/service-name"]}:${labels["networking.gke.io/service-port"]} ${states.join(", ")}`;
    });
  return { ingresses, services: services.sort(), negs: negs.sort(), told: [...new Set(told)].sort() };
}

/** Keys of the health map sort by names that differ between clusters. */
function sortedMap(value: string): string {
  if (!value.startsWith("{")) return value;
  return Object.entries(JSON.parse(value) as Record<string, string>)
    .map(([name, state]) => `${general(name)} ${state}`)
    .sort()
    .join(", ");
}

function general(text: string): string {
  return text
    .replaceAll(/k8s-be-\d+--[0-9a-f]+/g, "(instance group backend)")
    .replaceAll(/k8s1-[a-z0-9-]+-kube-system-[a-z0-9-]+/g, "(default backend)")
    .replaceAll(/k8s1-[a-z0-9-]+/g, "(neg)")
    .replaceAll(/k8s2-([a-z]+)-[a-z0-9-]+/g, "($1)")
    .replaceAll(/projects\/[a-z-]+/g, "(project)")
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+/g, "(ip)")
    .replaceAll(/\b(app-\d+|recorded-[0-9a-f]+)\//g, "(namespace)/");
}

function under({ answers, annotations }: Circumstances, manifest: Manifest): Manifest {
  if (manifest.kind === "Ingress" && annotations !== undefined) {
    const existing = manifest.metadata.annotations as object | undefined;
    return { ...manifest, metadata: { ...manifest.metadata, annotations: { ...existing, ...annotations } } };
  }
  if (manifest.kind !== "Deployment" || answers === undefined) return manifest;
  const spec = manifest.spec as { template: { metadata: object } };
  const metadata = { ...spec.template.metadata, annotations: { [ANSWERS_ANNOTATION]: answers } };
  return { ...manifest, spec: { ...spec, template: { ...spec.template, metadata } } };
}

function withTemplate(manifest: Manifest, podSpec: object): Manifest {
  const spec = manifest.spec as { template: { spec: object } };
  const template = { ...spec.template, spec: { ...spec.template.spec, ...podSpec } };
  return { ...manifest, spec: { ...spec, template } };
}

/** A Service, a Deployment and an Ingress of one healthy application. */
function application(name: string): Manifest[] {
  return parseManifests(`
apiVersion: v1
kind: Service
metadata: { name: ${name}, annotations: { cloud.google.com/neg: '{"ingress": true}' } }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: web, image: registry.example.com/web:1, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name} }
spec: { defaultBackend: { service: { name: ${name}, port: { number: 80 } } } }
`);
}
