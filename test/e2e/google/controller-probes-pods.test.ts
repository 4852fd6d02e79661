import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { eventually, waitFor } from "../../controlplane/eventually.ts";
import { installGkeCrds } from "../../controlplane/gke/install.ts";
import { ANSWERS_ANNOTATION } from "../../controlplane/gke/scenario.ts";
import { clusterIds, type GkeController, startGkeController } from "../../controlplane/gke-controller.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";
import { applyManifests } from "../../controlplane/manifests.ts";
import type { Pod } from "../../controlplane/pod.ts";
import { ageNamespace } from "../../controlplane/rewrite-objects.ts";
import { GoogleStandIn } from "../../simulator/google-stand-in.ts";
import { CONNECTIONS, POD_ROUTES } from "../../simulator/pod-routes.ts";
import {
  type Cluster,
  deploymentManifest,
  ingressManifest,
  serviceManifest,
  startCluster,
} from "../reconciler/cluster.ts";

const NAMESPACE = "shop";
/** Of another tenant; its pods are nobody's business here. */
const NEIGHBOUR = "vault";
/** Address that the test bed's API server gives out as its own. */
const API_SERVER = "192.0.2.1";
const NETWORK = join(import.meta.dirname, "../../simulator/lead-to-pods.ts");

let cluster: Cluster;
let gke: GkeController;
let google: GoogleStandIn;
let connections = "";

beforeAll(async () => {
  cluster = await startCluster({ jsonStorage: true });
  const { client } = cluster;
  const { directory } = cluster.controlPlane;
  await installGkeCrds(client);
  await applyManifests(client, [
    ...[NAMESPACE, NEIGHBOUR].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    deploymentManifest(NEIGHBOUR, "secrets"),
    serviceManifest(NAMESPACE, "web"),
    answering(deploymentManifest(NAMESPACE, "web"), { 8080: { "/ready": 200, "*": 404 } }),
    serviceManifest(NAMESPACE, "deaf"),
    answering(deploymentManifest(NAMESPACE, "deaf"), {}),
    ingressManifest(NAMESPACE, "web"),
    ingressManifest(NAMESPACE, "deaf"),
  ]);
  const [own] = await eventually(() => readyPods(NAMESPACE, "web"));
  const [foreign] = await eventually(() => readyPods(NEIGHBOUR, "secrets"));
  // What a real cluster says of its API server, and what a tenant could write to have addresses asked.
  await client.apply(slice("default", "kubernetes", [API_SERVER]));
  await client.apply(slice(NAMESPACE, "web", await forbiddenAddresses(foreign), own));
  gke = await startGkeController(client, NAMESPACE);
  const routesFile = join(directory, "pod-routes.json");
  google = await GoogleStandIn.start({
    client,
    ids: await clusterIds(client),
    namespace: NAMESPACE,
    routesFile,
  });
  for (const name of ["web", "deaf"])
    await waitFor(() => hasAddress(name), { what: `an address of ${name}` });
  await ageNamespace(cluster.controlPlane, NAMESPACE, 60 * 60_000);
  connections = join(directory, "connections");
  vi.stubEnv("NODE_OPTIONS", `--import=${NETWORK}`);
  vi.stubEnv(POD_ROUTES, routesFile);
  vi.stubEnv(CONNECTIONS, connections);
  await (await cluster.startController("--google-endpoint", google.endpoint, "--probe")).ready();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await google?.stop();
  await gke?.stop();
  await cluster?.stop();
});

async function hasAddress(name: string): Promise<boolean> {
  const kind = "networking.k8s.io/v1/Ingress";
  const { status } = await cluster.client.get<{ status: { loadBalancer: { ingress?: unknown } } }>(
    kind,
    name,
    NAMESPACE,
  );
  return status.loadBalancer.ingress !== undefined;
}

/** Says on the pods what their servers answer, by port and path. */
function answering(deployment: Manifest, answers: object): Manifest {
  const spec = deployment.spec as { readonly template: { readonly metadata: object } };
  const metadata = {
    ...spec.template.metadata,
    annotations: { [ANSWERS_ANNOTATION]: JSON.stringify(answers) },
  };
  return { ...deployment, spec: { ...spec, template: { ...spec.template, metadata } } };
}

async function readyPods(namespace: string, app: string): Promise<readonly Pod[]> {
  const pods = await cluster.client.list<Pod>("v1/Pod", { namespace });
  const own = pods.filter(({ metadata, status }) => metadata.labels?.app === app && status?.podIP);
  if (own.length === 0) throw new Error(`no pod of ${app} has an address yet`);
  return own;
}

/** A node, the API server, and a pod of somebody else. */
async function forbiddenAddresses(foreign: Pod | undefined): Promise<readonly string[]> {
  const [node] = await cluster.client.list<{ status: { addresses: { address: string }[] } }>("v1/Node");
  return [node?.status.addresses[0]?.address, API_SERVER, foreign?.status?.podIP].map((address) => {
    if (address === undefined) throw new Error("An address is missing.");
    return address;
  });
}

/** Slice of a Service, with endpoints that all claim to be one pod. */
function slice(namespace: string, service: string, addresses: readonly string[], pod?: Pod): Manifest {
  const claim = pod && {
    nodeName: pod.spec.nodeName,
    targetRef: { kind: "Pod", namespace, name: pod.metadata.name },
  };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${service}-by-hand`,
      namespace,
      labels: { "kubernetes.io/service-name": service },
    },
    addressType: "IPv4",
    ports: [{ name: "", port: 8080, protocol: "TCP" }],
    endpoints: addresses.map((address) => ({
      addresses: [address],
      conditions: { ready: true },
      ...claim,
    })),
  };
}

/** Message of the finding that tells what pods answered about one Ingress. */
async function answer(ingress: string): Promise<string> {
  const { findings } = await cluster.status(NAMESPACE, ingress);
  const found = findings.find(({ code }) => code === "GID625");
  if (found === undefined) throw new Error(`nothing is said of the answers of ${ingress}'s pods`);
  return found.message;
}

test("the diagnosis says what the pods answer to Google's health check", async () => {
  await eventually(async () => expect(await answer("web")).toMatch(/HTTP GET \/ .* answers 404/));
  await eventually(async () => expect(await answer("deaf")).toMatch(/refuses the connection/));
});

test("nobody was asked but the pods of the Ingress, whatever an EndpointSlice says", async () => {
  const pods = [...(await readyPods(NAMESPACE, "web")), ...(await readyPods(NAMESPACE, "deaf"))];
  const allowed = [
    ...pods.map(({ status }) => `${status?.podIP}:8080`),
    new URL(google.endpoint).host,
    new URL(cluster.controlPlane.connection.url).host,
  ];
  const made = new Set(readFileSync(connections, "utf8").trim().split("\n"));
  expect([...made].filter((one) => one.startsWith("10.4.")).length).toBe(pods.length);
  expect([...made].filter((one) => !allowed.includes(one))).toEqual([]);
});

test("an EndpointSlice cannot name the metadata server or this machine", async () => {
  for (const address of ["169.254.169.254", "127.0.0.1"]) {
    await expect(cluster.client.apply(slice(NAMESPACE, "other", [address]))).rejects.toThrow(
      /link-local|loopback/,
    );
  }
});
