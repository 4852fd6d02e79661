import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestClient } from "../client.ts";
import { waitFor } from "../eventually.ts";
import { kindOf, type Manifest } from "../kube-object.ts";
import { parseManifests } from "../manifests.ts";

/** The project's own minimal versions of GKE's CRDs. */
export const OWN_CRDS = join(import.meta.dirname, "..", "crds");

interface Crd {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const CRD = "apiextensions.k8s.io/v1/CustomResourceDefinition";

/**
 * Installs the CRDs of a GKE cluster from the YAML files of `folder` and waits until they are served.
 *
 * Without `folder` the project's own minimal ones are installed, which is all that the demo has.
 */
export async function installGkeCrds(client: TestClient, folder = OWN_CRDS): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const manifests = files.flatMap((name) => parseManifests(readFileSync(join(folder, name), "utf8")));
  for (const manifest of manifests) await client.apply(manifest);
  for (const { metadata } of manifests) await waitUntilServed(client, metadata.name);
}

async function waitUntilServed(client: TestClient, name: string): Promise<void> {
  await waitFor(
    async () => {
      const crd = await client.get<Crd>(CRD, name);
      return crd.status?.conditions?.some((one) => one.type === "Established" && one.status === "True");
    },
    { what: `the kind of ${name}`, intervalMs: 50 },
  );
}

/** Installs `kube-system/default-http-backend`, which answers what no rule of an Ingress matches. */
export async function installDefaultBackend(client: TestClient): Promise<void> {
  const labels = { "k8s-app": "glbc" };
  const container = { name: "default-http-backend", image: "registry.example.com/404-server:1" };
  const service: Manifest = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "default-http-backend",
      namespace: "kube-system",
      labels,
      annotations: { "cloud.google.com/neg": '{"ingress":true}' },
    },
    spec: { type: "NodePort", selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  };
  const deployment: Manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "l7-default-backend", namespace: "kube-system", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ ...container, ports: [{ containerPort: 8080 }] }] },
      },
    },
  };
  for (const manifest of [service, deployment]) await client.apply(manifest);
}

/** Removes one CRD and every object of its kind, by the kind's name. */
export async function removeCrd(client: TestClient, kind: string): Promise<void> {
  const crds = await client.list<Manifest & { spec: { names: { kind: string } } }>(CRD);
  const crd = crds.find((one) => one.spec.names.kind === kind);
  if (crd === undefined) return;
  await client.delete(crd);
  await waitFor(async () => (await client.find(kindOf(crd), crd.metadata.name)) === undefined, {
    what: `removal of the CRD of ${kind}`,
  });
}
