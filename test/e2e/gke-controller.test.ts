import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { TestClient } from "../controlplane/client.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { installGkeCrds } from "../controlplane/gke/install.ts";
import { ANSWERS_ANNOTATION, SYNC_ERROR_ANNOTATION } from "../controlplane/gke/scenario.ts";
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

/** Recordings that the stand-in must reproduce, with what their applications answered. */
const RECORDINGS: Record<string, { answers?: string }> = {
  "healthy-multi-host": {},
  "healthy-default-backend-only": {},
  "healthy-backendconfig-per-port": {},
  "health-check-path-404": { answers: '{"8080": {"/ready": 200}}' },
  "health-check-path-404-nodeport": { answers: '{"8080": {"/ready": 200}}' },
  "backendconfig-hc-port-wrong": {},
  "backendconfig-hc-type-https": {},
  "backendconfig-annotation-invalid-json": {},
  "missing-service-one-of-two": {},
  "default-backend-service-missing": {},
  "wrong-service-port-name": {},
  "internal-clusterip-without-neg": {},
  "neg-annotation-invalid-json": {},
  "neg-custom-name-with-ingress": {},
  "frontendconfig-missing": {},
  "tls-secret-one-of-two-missing": {},
  "static-ip-both-annotations": {},
  "path-prefix-with-star": {},
  "class-name-field-gce": {},
  "selector-typo-nodeport": {},
  "pods-unschedulable": {},
  "zero-replicas": {},
};

describeWithShared("the stand-in leaves what the real controller left", () => {
  test.each(Object.entries(RECORDINGS))("%s", async (name, { answers }) => {
    const recording = (file: string) => readFileSync(sharedPath("recordings", name, file), "utf8");
    const manifests = parseManifests(recording("manifests.yaml")).filter((one) => one.kind !== "Namespace");
    const recorded = (JSON.parse(recording("cluster.json")) as { items: KubeObject[] }).items;
    const namespace = await createNamespace(client, "recorded");
    const controller = await startGkeController(client, namespace);
    try {
      await applyManifests(client, answering(manifests, answers), namespace);
      await eventually(async () => expect(await leftBehind(namespace)).toEqual(summary(recorded)), {
        timeoutMs: 5_000,
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
    await waitFor(async () => (await backendsOf("calm"))?.includes("HEALTHY"));
    await controller.sync(namespace);
    const before = await versions();
    await controller.sync(namespace);
    expect(await versions()).toEqual(before);
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
function summary(objects: readonly KubeObject[]) {
  const events = objects.filter((object) => object.kind === "Event") as Event[];
  const told = events
    .filter(
      (event) => ["Ingress", "Service"].includes(event.involvedObject.kind) && event.reason !== "Attach",
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

function answering(manifests: Manifest[], answers: string | undefined): Manifest[] {
  if (answers === undefined) return manifests;
  return manifests.map((manifest) => {
    if (manifest.kind !== "Deployment") return manifest;
    const spec = manifest.spec as { template: { metadata: object } };
    const metadata = { ...spec.template.metadata, annotations: { [ANSWERS_ANNOTATION]: answers } };
    return { ...manifest, spec: { ...spec, template: { ...spec.template, metadata } } };
  });
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
