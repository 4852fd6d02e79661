import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestClient } from "../controlplane/client.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";
import { kindOf, type Manifest } from "../controlplane/kube-object.ts";
import { only, RELEASE, renderChart } from "../deploy/helm.ts";
import { MONITORING_CRDS } from "../deploy/monitoring-crds.ts";
import { allSettings } from "../deploy/values.ts";
import { refusal } from "./reconciler/cluster.ts";

let controlPlane: ControlPlane;
let client: TestClient;
beforeAll(async () => {
  controlPlane = await startControlPlane();
  client = controlPlane.client;
  for (const name of [RELEASE.namespace, "shop", "blog"]) await client.create(namespace(name));
  for (const crd of MONITORING_CRDS) await client.create(crd);
  for (const crd of MONITORING_CRDS) {
    const { group, names } = crd.spec as { group: string; names: { kind: string } };
    await eventually(() => client.list(`${group}/v1/${names.kind}`), { what: crd.metadata.name });
  }
});
afterAll(() => controlPlane?.stop());

function namespace(name: string): Manifest {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** Has the API server judge an object as if it were created; nothing is stored. */
async function dryRun(manifest: Manifest): Promise<void> {
  const path = await client.path(kindOf(manifest), manifest.metadata.namespace);
  const query = { dryRun: "All", fieldValidation: "Strict" };
  await client.request("POST", path, { query, body: manifest });
}

interface PodTemplate {
  readonly metadata: object;
  readonly spec: { readonly serviceAccountName: string; readonly securityContext: object };
}

/** The pod that a workload would create; Pod Security only warns of workloads, but refuses pods. */
function podOf(workload: Manifest): Manifest & { readonly spec: PodTemplate["spec"] } {
  const { template } = workload.spec as { readonly template: PodTemplate };
  const { name, namespace } = workload.metadata;
  const metadata = {
    ...template.metadata,
    name: `${name}-0`,
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: template.spec };
}

async function createServiceAccount(name: string): Promise<void> {
  const metadata = { name, namespace: RELEASE.namespace };
  if ((await client.find("v1/ServiceAccount", name, RELEASE.namespace)) !== undefined) return;
  await client.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
}

const isWorkload = ({ kind }: Manifest) => kind === "Deployment" || kind === "StatefulSet";

describe("the API server accepts every field of every object, and a restricted namespace the pods", () => {
  const judged = new Set<string>();

  test.each([...allSettings()])("%s", async (_name, values) => {
    const manifests = await renderChart(values);
    const pods = manifests.filter(isWorkload).map(podOf);
    expect(pods).toHaveLength(1);
    for (const { spec } of pods) await createServiceAccount(spec.serviceAccountName);
    for (const manifest of [...manifests, ...pods]) {
      const text = JSON.stringify(manifest);
      // Most objects are the same in most renderings.
      if (judged.has(text) || manifest.kind === "ServiceAccount") continue;
      judged.add(text);
      await dryRun(manifest);
    }
  });

  test("ServiceAccounts too", async () => {
    const account = { googleServiceAccount: "doctor@my-project.iam.gserviceaccount.com", name: "other" };
    const manifests = await renderChart({ serviceAccount: account });
    for (const manifest of manifests.filter(({ kind }) => kind === "ServiceAccount")) await dryRun(manifest);
  });
});

const deployment = only(await renderChart(), "Deployment");

describe("the judge is strict", () => {
  test("it refuses a pod that is less than restricted", async () => {
    const pod = podOf(deployment);
    const { message } = await refusal(dryRun({ ...pod, spec: { ...pod.spec, securityContext: {} } }));
    expect(message).toMatch(/violates PodSecurity "restricted:latest": runAsNonRoot != true/);
  });

  test("it refuses a field that does not exist", async () => {
    const spec = { ...(deployment.spec as object), replica: 2 };
    expect((await refusal(dryRun({ ...deployment, spec }))).message).toContain(
      'unknown field "spec.replica"',
    );
    const monitor = only(await renderChart({ metrics: { podMonitor: true } }), "PodMonitor");
    const wrong = { ...monitor, spec: { ...(monitor.spec as object), endpoints: [] } };
    expect((await refusal(dryRun(wrong))).message).toContain('unknown field "spec.endpoints"');
  });
});
