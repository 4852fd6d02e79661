import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { ApiFailure } from "../../../src/kubernetes/api-failure.ts";
import { KubeconfigError, loadKubeconfig } from "../../../src/kubernetes/kubeconfig.ts";
import type { ApiRequest, Transport } from "../../../src/kubernetes/transport.ts";
import { TestClient } from "../../controlplane/client.ts";
import { writeKubeconfig } from "../../controlplane/kubeconfig.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { TcpProxy } from "../../support/tcp-proxy.ts";
import { configOf, createTransport, RecordedMetrics } from "./harness.ts";

const connection = inject("controlPlane");
const VERSION: ApiRequest = { method: "GET", path: "/version" };
let client: TestClient;
let directory: string;
let proxy: TcpProxy;
let transport: Transport;
beforeAll(() => {
  client = new TestClient(connection);
});
afterAll(() => client.close());
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "ingress-doctor-transport-"));
  proxy = await TcpProxy.start(connection.url);
  transport = createTransport(configOf(connection, proxy.url));
});
afterEach(async () => {
  await transport.close();
  await proxy.stop();
  rmSync(directory, { recursive: true });
});

describe("connections", () => {
  test("a hundred calls one after the other share at most two", async () => {
    for (let count = 0; count < 100; count += 1) await transport.call(VERSION);
    expect(proxy.accepted).toBeLessThanOrEqual(2);
  });

  test("one that was cut while idle is replaced", async () => {
    await transport.call(VERSION);
    proxy.cut("close");
    await expect(transport.call(VERSION)).resolves.toHaveProperty("gitVersion");
  });
});

test("a request asks whether it may start when its connection is there, not before", async () => {
  let may = true;
  const guarded = { ...VERSION, mayStart: () => may };
  await expect(transport.call(guarded)).resolves.toHaveProperty("gitVersion");
  proxy.cut("close");
  proxy.freeze();
  const waiting = transport.call(guarded);
  may = false;
  proxy.thaw();
  await expect(waiting).rejects.toMatchObject({ kind: "aborted" });
  may = true;
  await expect(transport.call(guarded)).resolves.toHaveProperty("gitVersion");
});

test("a kubeconfig's proxy carries every connection", async () => {
  const tunnels: string[] = [];
  const server = createServer();
  server.on("connect", (request, socket, head) => {
    tunnels.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const config = configOf(connection);
  const { port } = server.address() as AddressInfo;
  config.clusters = config.clusters.map((cluster) => ({ ...cluster, proxyUrl: `http://127.0.0.1:${port}` }));
  const proxied = createTransport(config);
  await expect(proxied.call(VERSION)).resolves.toHaveProperty("gitVersion");
  expect(tunnels).toEqual([new URL(connection.url).host]);
  await proxied.close();
  server.close();
});

describe("failures are told apart", () => {
  test("by what the server answers", async () => {
    const namespace = await createNamespace(client, "failures");
    const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
    const metadata = { name: "one" };
    await transport.call({ method: "POST", path: configMaps, body: { metadata } });
    expect(await failure({ method: "GET", path: `${configMaps}/two` })).toMatchObject({
      kind: "not-found",
      status: 404,
      reason: "NotFound",
    });
    expect(await failure({ method: "GET", path: "/apis/none.example/v1/things" })).toMatchObject({
      kind: "not-found",
      reason: "",
    });
    expect(await failure({ method: "POST", path: configMaps, body: { metadata } })).toMatchObject({
      kind: "conflict",
      reason: "AlreadyExists",
    });
    const outdated = { metadata: { ...metadata, resourceVersion: "1" } };
    expect(await failure({ method: "PUT", path: `${configMaps}/one`, body: outdated })).toMatchObject({
      kind: "conflict",
      reason: "Conflict",
    });
    expect(
      await failure({ method: "POST", path: configMaps, body: { metadata: { name: "A b" } } }),
    ).toMatchObject({
      kind: "invalid",
      status: 422,
    });
  });

  test("by how the connection behaves", async () => {
    await transport.call(VERSION);
    proxy.freeze();
    expect(await failure({ ...VERSION, timeoutMs: 200 })).toMatchObject({ kind: "timeout" });
    const stop = new AbortController();
    const stopped = failure({ ...VERSION, signal: stop.signal });
    stop.abort();
    expect(await stopped).toMatchObject({ kind: "aborted" });
    proxy.thaw();
    proxy.refuse();
    expect(await failure(VERSION)).toMatchObject({ kind: "network" });
  });

  test("and a foreign text is cut and cleaned", async () => {
    const path = `/api/v1/namespaces/default/configmaps/${encodeURIComponent(`\u001b[31m${"x".repeat(500)}`)}`;
    const { detail } = await failure({ method: "GET", path });
    expect(detail.length).toBeLessThanOrEqual(200);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them.
    expect(detail).not.toMatch(/[\u0000-\u001f]/);
  });

  test("every request is counted with its outcome", async () => {
    const metrics = new RecordedMetrics();
    const counted = createTransport(configOf(connection), metrics);
    await counted.call(VERSION);
    await counted.call({ method: "GET", path: "/nowhere" }).catch(() => undefined);
    await counted.close();
    expect(metrics.requests).toEqual(["GET 2xx", "GET 404"]);
  });
});

describe("streams", () => {
  const watch: ApiRequest = {
    method: "GET",
    path: "/api/v1/configmaps",
    query: { watch: "1", timeoutSeconds: "60" },
  };

  test("one without a byte for too long fails with a timeout", async () => {
    const query = { ...watch.query, fieldSelector: "metadata.name=none" };
    const { chunks } = await transport.stream({ ...watch, query }, 300);
    await expect(chunks.toArray()).rejects.toMatchObject({ code: "UND_ERR_BODY_TIMEOUT" });
  });

  test("one whose caller gives up ends at once and closes its connection", async () => {
    const stop = new AbortController();
    const { chunks } = await transport.stream({ ...watch, signal: stop.signal }, 60_000);
    const read = chunks.toArray();
    stop.abort();
    await expect(read).rejects.toMatchObject({ kind: "aborted" });
    await expect.poll(() => proxy.open).toBe(0);
  });
});

describe("credentials", () => {
  test("a rotated token file is read again when the server refuses the old token", async () => {
    const tokenFile = join(directory, "token");
    writeFileSync(tokenFile, "revoked");
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      {
        name: "c",
        server: connection.url,
        caData: Buffer.from(connection.ca).toString("base64"),
        skipTLSVerify: false,
      },
      { name: "u", authProvider: { name: "tokenFile", config: { tokenFile } } },
    );
    const rotating = createTransport(config);
    const call: ApiRequest = { method: "GET", path: "/api/v1/namespaces/default" };
    await expect(rotating.call(call)).rejects.toMatchObject({ kind: "unauthorized" });
    // The newline at the end of the file must not reach the header.
    writeFileSync(tokenFile, `${connection.token}\n`);
    await expect(rotating.call(call)).resolves.toHaveProperty("kind", "Namespace");
    await rotating.close();
  });

  test("a token that stays refused is unauthorized", async () => {
    const stranger = createTransport(configOf({ ...connection, token: "wrong" }));
    await expect(stranger.call({ method: "GET", path: "/api/v1/pods" })).rejects.toMatchObject({
      kind: "unauthorized",
    });
    await stranger.close();
  });

  test("an exec plugin's token is used", async () => {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: connection.token },
    };
    await withUser({
      exec: { command: process.execPath, args: ["-p", JSON.stringify(JSON.stringify(credential))] },
    });
  });

  test("a plugin that fails is unauthorized, not a missing object", async () => {
    const broken = createTransport(config({ exec: { command: "/nonexistent-plugin" } }));
    await expect(broken.call(VERSION)).rejects.toMatchObject({ kind: "unauthorized" });
    await broken.close();
  });

  async function withUser(user: object): Promise<void> {
    const special = createTransport(config(user));
    await expect(special.call({ method: "GET", path: "/api/v1/namespaces/default" })).resolves.toBeDefined();
    await special.close();
  }

  function config(user: object): KubeConfig {
    const made = configOf(connection);
    made.users = [{ name: "test", ...user }];
    return made;
  }
});

describe("kubeconfig", () => {
  test("a file and a context are used, and what is missing is said in one line", async () => {
    const file = join(directory, "config");
    writeKubeconfig(file, connection);
    const loaded = createTransport(loadKubeconfig({ file, context: "test" }));
    await loaded.call(VERSION);
    await loaded.close();
    const message = (source: Parameters<typeof loadKubeconfig>[0]) => {
      try {
        loadKubeconfig(source);
      } catch (error) {
        expect(error).toBeInstanceOf(KubeconfigError);
        return (error as Error).message;
      }
      return "";
    };
    expect(message({ file, context: "other" })).toBe(`the kubeconfig ${file} has no context "other"`);
    expect(message({ file: `${file}-none` })).toMatch(/^cannot read the kubeconfig .*-none: ENOENT/);
    writeFileSync(file, "clusters: [");
    expect(message({ file })).toMatch(/^cannot read the kubeconfig [^\n]+$/);
    writeFileSync(file, "hello");
    expect(message({ file })).toMatch(/^(cannot read )?the kubeconfig/);
  });
});

async function failure(call: ApiRequest): Promise<ApiFailure> {
  const error = await transport.call(call).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiFailure);
  return error as ApiFailure;
}
