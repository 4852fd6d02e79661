import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { expect, test } from "vitest";
import { readAuditLog, writesBy } from "../controlplane/audit.ts";
import { startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";

const CLI = join(import.meta.dirname, "..", "controlplane", "cli.ts");

test("a restarted API server keeps its address, certificate, tokens and objects", async () => {
  const controlPlane = await startControlPlane({ audit: true });
  try {
    const { client, connection, apiServerPid, etcdPid } = controlPlane;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } });
    await controlPlane.killApiServer();
    await expect(client.get("v1/Namespace", "kept")).rejects.toThrow(/ECONNREFUSED|socket|closed/i);
    await controlPlane.startApiServer();
    expect((await client.get("v1/Namespace", "kept")).metadata.name).toBe("kept");
    expect(controlPlane.connection).toEqual(connection);
    expect(controlPlane.apiServerPid).not.toBe(apiServerPid);
    expect(controlPlane.etcdPid).toBe(etcdPid);

    const writes = writesBy("admin", readAuditLog(controlPlane.auditLog));
    expect(writes).toContainEqual(
      expect.objectContaining({ verb: "create", resource: "namespaces", name: "kept", code: 201 }),
    );
  } finally {
    await controlPlane.stop();
  }
  expect(existsSync(controlPlane.directory)).toBe(false);
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
