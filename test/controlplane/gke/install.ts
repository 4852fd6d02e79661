import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestClient } from "../client.ts";
import { eventually } from "../eventually.ts";
import type { Manifest } from "../kube-object.ts";
import { parseManifests } from "../manifests.ts";

/** The project's own minimal versions of GKE's CRDs. */
export const OWN_CRDS = join(import.meta.dirname, "..", "crds");

interface Crd extends Manifest {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string }[];
  };
}

/**
 * Installs the CRDs of a GKE cluster from the YAML files of `folder` and waits until they are served.
 *
 * Without `folder` the project's own minimal ones are installed, which is all that the demo has.
 */
export async function installGkeCrds(client: TestClient, folder = OWN_CRDS): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const crds = files.flatMap((name) => parseManifests(readFileSync(join(folder, name), "utf8"))) as Crd[];
  for (const crd of crds) await client.apply(crd);
  for (const crd of crds) await waitUntilServed(client, crd);
}

/** A CRD that says "Established" may still answer errors for a moment; only a list that works is proof. */
async function waitUntilServed(client: TestClient, { spec }: Crd): Promise<void> {
  for (const version of spec.versions) {
    const kind = `${spec.group}/${version.name}/${spec.names.kind}`;
    await eventually(() => client.list(kind), { what: `the kind ${kind}`, intervalMs: 50 });
  }
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
