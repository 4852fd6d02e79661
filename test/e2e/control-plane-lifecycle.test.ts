import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAuditLog, writesBy } from "../controlplane/audit.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";
import { installGkeCrds } from "../controlplane/gke/install.ts";

const CLI = join(import.meta.dirname, "..", "controlplane", "cli.ts");

describe("a control plane of its own", () => {
  let controlPlane: ControlPlane;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ audit: true });
  });
  afterAll(() => controlPlane.stop());

  test("accepts the project's own versions of GKE's CRDs", async () => {
    const { client } = controlPlane;
    await installGkeCrds(client);
    const healthCheck = { requestPath: "/healthz", port: 8080 };
    const metadata = { name: "web", namespace: "default" };
    const config = { apiVersion: "cloud.google.com/v1", kind: "BackendConfig", metadata };
    const stored = await client.create({ ...config, spec: { healthCheck, iap: { enabled: false } } });
    expect(stored.spec).toEqual({ healthCheck, iap: { enabled: false } });
    const wrongType = client.create({ ...config, spec: { healthCheck: { port: "http" } } });
    await expect(wrongType).rejects.toMatchObject({ statusCode: 422 });
  });

  test("keeps address, certificate, tokens and objects when its API server restarts", async () => {
    const { client, connection, apiServerPid, etcdPid } = controlPlane;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } });
    await controlPlane.killApiServer();
    await expect(client.get("v1/Namespace", "kept")).rejects.toThrow();
    await controlPlane.startApiServer();
    expect((await client.get("v1/Namespace", "kept")).metadata.name).toBe("kept");
    expect(controlPlane.connection).toEqual(connection);
    expect(controlPlane.apiServerPid).not.toBe(apiServerPid);
    expect(controlPlane.etcdPid).toBe(etcdPid);
  });

  test("logs who changed what", async () => {
    const metadata = { name: "logged", namespace: "default" };
    await controlPlane.client.create({ apiVersion: "v1", kind: "ConfigMap", metadata });
    const writes = writesBy("admin", readAuditLog(controlPlane.auditLog));
    expect(writes).toContainEqual(
      expect.objectContaining({ verb: "create", resource: "configmaps", name: "logged", code: 201 }),
    );
  });
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "%s of the process leaves no server and no file behind",
  async (signal) => {
    const child = spawn(process.execPath, [CLI, "start"], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    let directory = "";
    for await (const line of createInterface({ input: child.stdout })) {
      directory = /^Logs: +(.+)$/.exec(line)?.[1] ?? directory;
      if (line.startsWith("Ctrl-C")) break;
    }
    const pids = ["etcd", "kube-apiserver", "kube-controller-manager"].map((name) =>
      Number(readFileSync(join(directory, `${name}.pid`), "utf8")),
    );
    expect(pids.filter(isRunning)).toEqual(pids);
    child.kill(signal);
    await exited;
    await eventually(() => {
      expect(pids.filter(isRunning)).toEqual([]);
      expect(existsSync(directory)).toBe(false);
    });
  },
);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
