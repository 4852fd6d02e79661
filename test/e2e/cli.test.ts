import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ingressDoctor } from "../cli/command.ts";
import { readAuditLog } from "../controlplane/audit.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../controlplane/gke/install.ts";
import { startGkeController } from "../controlplane/gke-controller.ts";
import { writeServiceAccountKubeconfig } from "../controlplane/kubeconfig.ts";
import { startKubelet, type TestKubelet } from "../controlplane/kubelet.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { deploymentManifest, ingressManifest, serviceManifest } from "./reconciler/cluster.ts";

const RBAC = { apiVersion: "rbac.authorization.k8s.io/v1" };

/** What the command may list in namespace `shop`, as someone with few permissions would have it. */
const FEW = ["ingresses", "services", "endpointslices", "deployments", "statefulsets", "events"];

let controlPlane: ControlPlane;
let kubelet: TestKubelet;
let shop: string;
let admin: string;

beforeAll(async () => {
  controlPlane = await startControlPlane({ audit: true });
  const { client } = controlPlane;
  kubelet = await startKubelet(client);
  await installGkeCrds(client);
  await installDefaultBackend(client);
  shop = await createNamespace(client, "shop");
  await applyManifests(client, [
    serviceManifest(shop),
    deploymentManifest(shop),
    ingressManifest(shop),
    ingressManifest(shop, "reviews", "review"),
  ]);
  const gke = await startGkeController(client, shop);
  await eventually(async () => {
    const { status } = await client.get<WithStatus>("networking.k8s.io/v1/Ingress", "web", shop);
    expect(status?.loadBalancer?.ingress).toHaveLength(1);
  });
  await gke.stop();
  admin = await account("reader", {
    kind: "ClusterRole",
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["list"] }],
  });
});

afterAll(async () => {
  await kubelet?.stop();
  await controlPlane?.stop();
});

interface WithStatus {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly object[] } };
}

interface Permissions {
  readonly kind: "ClusterRole" | "Role";
  readonly rules: readonly object[];
}

/** Makes a ServiceAccount with these permissions and answers its kubeconfig. */
async function account(name: string, { kind, rules }: Permissions): Promise<string> {
  const { client, directory } = controlPlane;
  const metadata = kind === "Role" ? { name, namespace: shop } : { name };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name };
  const subjects = [{ kind: "ServiceAccount", name, namespace: shop }];
  await client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: shop } });
  await client.create({ ...RBAC, kind, metadata, rules });
  await client.create({ ...RBAC, kind: `${kind}Binding`, metadata, roleRef, subjects });
  const kubeconfig = join(directory, `${name}.kubeconfig`);
  await writeServiceAccountKubeconfig(kubeconfig, client, { namespace: shop, name });
  return kubeconfig;
}

/** Requests that a ServiceAccount has made so far, as `verb resource`. */
function requestsOf(name: string): string[] {
  const user = `system:serviceaccount:${shop}:${name}`;
  return readAuditLog(controlPlane.auditLog)
    .filter((entry) => entry.user === user)
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

test("all namespaces take at most 12 requests, all of them lists", async () => {
  const { code, out, err } = await ingressDoctor(["diagnose", "-A", "--kubeconfig", admin]);
  expect(err).toBe("");
  expect(out).toContain(`${shop}/reviews: Broken (no-address)`);
  expect(out).toContain("GID401 ServiceMissing");
  expect(out).toMatch(new RegExp(`^${shop}/web: (Progressing|Healthy)`, "m"));
  expect(code).toBe(1);
  const requests = requestsOf("reader");
  expect(requests.length).toBeLessThanOrEqual(12);
  expect(requests.length).toBeGreaterThan(5);
  expect(requests.filter((request) => !request.startsWith("list "))).toEqual([]);
});

test("one Ingress is diagnosed in the namespace of the context, with the default backend of GKE", async () => {
  const { code, out, err } = await ingressDoctor(["diagnose", "web", "-o", "json", "--kubeconfig", admin]);
  expect(err).toBe("");
  const [item] = JSON.parse(out).items;
  expect(item.metadata).toEqual({ name: "web", namespace: shop });
  expect(["Progressing", "Healthy"]).toContain(item.status.verdict);
  const needs = (item.status.undecided ?? []).map((entry: { needs: string }) => entry.needs);
  expect(needs.filter((text: string) => text.includes("kube-system"))).toEqual([]);
  expect(code).toBe(0);
});

test("kinds that may not be listed are undecided, and no finding is made of them", async () => {
  const rules = [{ apiGroups: ["*"], resources: FEW, verbs: ["list"] }];
  const few = await account("few", { kind: "Role", rules });
  const { out, code } = await ingressDoctor(["diagnose", "web", "-o", "json", "--kubeconfig", few]);
  const [{ status }] = JSON.parse(out).items;
  expect(status.undecided).toContainEqual({
    question: "Are the pods behind each Service ready, and if not, why?",
    reason: "forbidden",
    needs: `permission to list pods in namespace ${shop}`,
  });
  expect(status.findings.filter((finding: { severity: string }) => finding.severity === "error")).toEqual([]);
  expect([0, 2]).toContain(code);
});

test("without the permission to list Ingresses it says which one is missing", async () => {
  const none = await account("none", { kind: "Role", rules: [] });
  const { code, out, err } = await ingressDoctor(["diagnose", "-A", "--kubeconfig", none]);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("you may not list Ingresses in all namespaces");
  expect(err.trim().split("\n")).toHaveLength(1);
});

test("a URL is followed to the pods that answer it", async () => {
  const url = "http://web.example.com/cart?id=1";
  const { code, out } = await ingressDoctor(["route", url, "--kubeconfig", admin]);
  expect(out).toContain(`Ingress ${shop}/web`);
  expect(out).toContain("Path rule /* (Prefix /, spec.rules[0].http.paths[0]) covers /cart.");
  expect(out).toContain("1 of 1 pod ready");
  expect(code).toBe(0);
});

test("a server that nobody listens at is named as such", async () => {
  const kubeconfig = join(controlPlane.directory, "gone.kubeconfig");
  const { writeKubeconfig } = await import("../controlplane/kubeconfig.ts");
  writeKubeconfig(kubeconfig, { ...controlPlane.client.connection, url: "https://127.0.0.1:1" });
  const { code, err } = await ingressDoctor(["diagnose", "--kubeconfig", kubeconfig]);
  expect(code).toBe(2);
  expect(err).toMatch(/^ingress-doctor: the API server cannot be reached \(ECONNREFUSED\).*\n$/);
});
