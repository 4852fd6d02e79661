import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "binaries-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function locate(environment: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, [join(import.meta.dirname, "binaries.ts")], {
    encoding: "utf8",
    env: { PATH: directory, HOME: directory, ...environment },
  });
}

test("KUBEBUILDER_ASSETS is used as it is", () => {
  for (const name of ["etcd", "kube-apiserver", "kube-controller-manager"])
    writeFileSync(join(directory, name), "");
  const result = locate({ KUBEBUILDER_ASSETS: directory });
  expect(result.stdout).toBe(`Control plane binaries: ${directory}\n`);
  expect(result.status).toBe(0);
});

test("an incomplete KUBEBUILDER_ASSETS is refused with the missing file's name", () => {
  writeFileSync(join(directory, "etcd"), "");
  writeFileSync(join(directory, "kube-apiserver"), "");
  const result = locate({ KUBEBUILDER_ASSETS: directory });
  expect(result.stderr.trim().split("\n")).toEqual([
    expect.stringContaining(`lacks ${join(directory, "kube-controller-manager")};`),
  ]);
  expect(result.status).toBe(1);
});

test("without Go and without a cache, one line says what is missing", () => {
  const result = locate({ INGRESS_DOCTOR_CACHE: directory });
  expect(result.stderr.trim().split("\n")).toEqual([expect.stringMatching(/^Go 1\.26 or newer is needed/)]);
  expect(result.status).toBe(1);
});
