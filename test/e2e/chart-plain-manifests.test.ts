import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { driftedFiles } from "../../scripts/generate.ts";
import { chartValuesPage } from "../../scripts/generate-chart-values.ts";
import { deployManifests } from "../../scripts/generate-deploy.ts";
import { locateBinaries } from "../controlplane/binaries.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import type { Manifest } from "../controlplane/kube-object.ts";
import { startKubelet, type TestKubelet } from "../controlplane/kubelet.ts";
import { parseManifests } from "../controlplane/manifests.ts";
import { only, RELEASE, renderChart } from "../deploy/helm.ts";

const ROOT = join(import.meta.dirname, "../..");
const { kubectl = "kubectl" } = await locateBinaries();
const execute = promisify(execFile);

/** Standard output of kubectl, which must succeed. */
async function run(...args: readonly string[]): Promise<string> {
  return (await execute(kubectl, args, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 })).stdout;
}

test("the committed manifests and the table of values are what the chart says", () => {
  expect(driftedFiles([deployManifests, chartValuesPage])).toEqual([]);
});

test("kustomize makes the chart's objects of them, and a namespace for restricted pods", async () => {
  const built = parseManifests(await run("kustomize", "deploy"));
  const idOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;
  const expected = [...(await renderChart()).map(idOf), `Namespace/${RELEASE.namespace}`];
  expect(built.map(idOf).sort()).toEqual(expected.sort());
  expect(only(built, "Namespace").metadata.labels).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
  });
  expect(JSON.stringify(built)).not.toMatch(/helm/i);
});

test("the example of an overlay changes what it says it changes", async () => {
  const [before, after] = await Promise.all(
    ["deploy", "examples/kustomize"].map(async (folder) => parseManifests(await run("kustomize", folder))),
  );
  const changed = (after ?? []).filter(
    (manifest) => !before?.some((other) => JSON.stringify(other) === JSON.stringify(manifest)),
  );
  expect(changed.map(({ kind }) => kind).sort()).toEqual(["Deployment", "NetworkPolicy", "ServiceAccount"]);
  const text = JSON.stringify(only(changed, "Deployment"));
  expect(text).toContain('"image":"europe-docker.pkg.dev/my-project/tools/ingress-doctor:0.1.0"');
  expect(text).toContain('"--probe"');
});

describe("on a cluster", () => {
  let controlPlane: ControlPlane;
  let kubelet: TestKubelet;
  beforeAll(async () => {
    controlPlane = await startControlPlane();
    kubelet = await startKubelet(controlPlane.client);
  });
  afterAll(async () => {
    await kubelet?.stop();
    await controlPlane?.stop();
  });

  test.each(["deploy", "examples/kustomize"])("kubectl apply -k %s brings it up", async (folder) => {
    const kubeconfig = ["--kubeconfig", join(controlPlane.directory, "admin.kubeconfig")];
    await run(...kubeconfig, "apply", "--validate=strict", "-k", folder);
    const rollout = ["rollout", "status", `deployment/${RELEASE.name}`, "-n", RELEASE.namespace];
    expect(await run(...kubeconfig, ...rollout, "--timeout=60s")).toContain("successfully rolled out");
    expect(await run(...kubeconfig, "get", "ingressdiagnoses", "-A")).toBe("");
  });
});
