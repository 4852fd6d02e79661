import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { CONTROLLER } from "../../built/program.ts";
import { writeKubeconfig } from "../../controlplane/kubeconfig.ts";

let directory: string;
let taken: Server;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ingress-doctor-start-"));
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  taken.close();
  rmSync(directory, { recursive: true });
});

/** Runs the controller until it ends by itself. */
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CONTROLLER, ...args], {
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, stdout, lines: stderr.split("\n").filter((line) => line !== "") };
}

/** Path of a new file with this text. */
function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Kubeconfig of the administrator of the shared cluster, changed as a scenario asks. */
function kubeconfig(name: string, changes: Partial<Parameters<typeof writeKubeconfig>[1]>): string {
  const path = join(directory, name);
  writeKubeconfig(path, { ...inject("controlPlane"), ...changes });
  return path;
}

test.each([
  ["an unknown flag", () => ["--colour"], /^ingress-doctor: Unknown option '--colour'; see --help$/],
  [
    "a kubeconfig that is not there",
    () => ["--kubeconfig", "/nowhere/config"],
    /^ingress-doctor: .*kubeconfig \/nowhere\/config/,
  ],
  [
    "a kubeconfig that is no YAML",
    () => ["--kubeconfig", file("broken", "a: [")],
    /^ingress-doctor: .*kubeconfig .*broken/,
  ],
  ["an empty kubeconfig", () => ["--kubeconfig", file("empty", "")], /^ingress-doctor: .*kubeconfig/],
  [
    "a context that is not there",
    () => ["--kubeconfig", kubeconfig("context", {}), "--context", "other"],
    /^ingress-doctor: .*context "other"/,
  ],
  [
    "an API server that is not there",
    () => ["--kubeconfig", kubeconfig("unreachable", { url: "https://127.0.0.1:1" })],
    /^ingress-doctor: cannot use the API server https:\/\/127\.0\.0\.1:1: /,
  ],
  [
    "an API server of another authority",
    () => [
      "--kubeconfig",
      kubeconfig("authority", { ca: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" }),
    ],
    /^ingress-doctor: cannot use the API server /,
  ],
  [
    "a token that is not valid",
    () => ["--kubeconfig", kubeconfig("token", { token: "canary-token" })],
    /^ingress-doctor: cannot use the API server .*unauthorized/,
  ],
  [
    "a port that is taken",
    () => [
      "--kubeconfig",
      kubeconfig("port", {}),
      "--listen",
      `127.0.0.1:${(taken.address() as { port: number }).port}`,
    ],
    /^ingress-doctor: cannot listen on 127\.0\.0\.1:\d+: EADDRINUSE$/,
  ],
])("%s ends the start with one clear line", (_what, args, line) => {
  const { status, lines } = run(...args());
  expect(lines).toEqual([expect.stringMatching(line)]);
  expect(lines[0]).not.toContain("canary-token");
  expect(status).toBeGreaterThan(0);
});

test("--help is no failure", () => {
  const { status, stdout, lines } = run("--help");
  expect([status, lines]).toEqual([0, []]);
  expect(stdout).toContain("--kubeconfig PATH");
});
