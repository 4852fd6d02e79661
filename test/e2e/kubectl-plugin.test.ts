import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { locateBinaries } from "../controlplane/binaries.ts";
import { TestClient } from "../controlplane/client.ts";
import { writeKubeconfig } from "../controlplane/kubeconfig.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { ingressManifest } from "./reconciler/cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-plugin-"));
const kubeconfig = join(folder, "kubeconfig");
const bin = join(folder, "bin");
let kubectl: string;

beforeAll(async () => {
  const binaries = await locateBinaries();
  if (binaries.kubectl === undefined) throw new Error(`there is no kubectl in ${binaries.directory}`);
  kubectl = binaries.kubectl;
  // As krew installs it: a link in its own folder to the file in the unpacked archive.
  mkdirSync(bin);
  symlinkSync(join(inject("builtProgram") ?? "", "kubectl-ingress_doctor"), join(folder, "unpacked"));
  symlinkSync("../unpacked", join(bin, "kubectl-ingress_doctor"));
  const connection = inject("controlPlane");
  const client = new TestClient(connection);
  const namespace = await createNamespace(client, "plugin");
  await applyManifests(client, [ingressManifest(namespace, "web", "absent")]);
  writeKubeconfig(kubeconfig, connection, namespace);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], path: readonly string[] = [dirname(process.execPath)]) {
  const { status, stdout, stderr } = spawnSync(kubectl, args, {
    encoding: "utf8",
    env: { PATH: [bin, ...path, "/usr/bin", "/bin"].join(delimiter), KUBECONFIG: kubeconfig, HOME: folder },
  });
  return { status, stdout, stderr };
}

test("kubectl finds the plugin and has nothing against it", () => {
  const { status, stdout, stderr } = run(["plugin", "list"]);
  expect(stderr).toBe("");
  expect(stdout).toContain("kubectl-ingress_doctor");
  expect(status).toBe(0);
});

test("kubectl ingress-doctor diagnoses the namespace of the context", () => {
  const { status, stdout } = run(["ingress-doctor", "diagnose", "web"]);
  expect(stdout).toContain("GID401 ServiceMissing");
  expect(status).toBe(1);
});

test("an old Node is named, with what to do", () => {
  const old = join(folder, "old");
  mkdirSync(old);
  writeFileSync(join(old, "node"), "#!/bin/sh\necho v20.11.0\n", { mode: 0o755 });
  const { status, stderr } = run(["ingress-doctor", "--version"], [old]);
  expect(stderr).toBe(
    "kubectl ingress-doctor: this is Node v20.11.0: install Node 24 or newer, https://nodejs.org\n",
  );
  expect(status).toBe(2);
});
