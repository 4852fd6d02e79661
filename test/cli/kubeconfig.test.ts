import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ingressDoctor, type Run } from "./command.ts";

/** An API server that has nothing, and remembers who asked for Ingresses where. */
class EmptyApiServer {
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://server");
    if (pathname.endsWith("/ingresses")) this.asked.push(`${pathname} ${request.headers.authorization}`);
    const body = JSON.stringify({
      kind: "List",
      apiVersion: "v1",
      metadata: { resourceVersion: "1" },
      items: [],
    });
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-kubeconfig-"));
const server = new EmptyApiServer();
let url: string;

beforeAll(async () => {
  url = await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Runs `diagnose` with a kubeconfig of two contexts, `first` with this user, and answers who asked the server. */
async function askedBy(
  user: object,
  ...args: readonly string[]
): Promise<Run & { readonly asked: string[] }> {
  const file = join(folder, "config");
  const contexts = [
    { name: "first", context: { cluster: "here", user: "somebody", namespace: "shop" } },
    { name: "second", context: { cluster: "here", user: "else" } },
  ];
  const users = [
    { name: "somebody", user },
    { name: "else", user: { token: "other-token" } },
  ];
  // The client library takes plain HTTP only from those who renounce TLS.
  const clusters = [{ name: "here", cluster: { server: url, "insecure-skip-tls-verify": true } }];
  writeFileSync(file, JSON.stringify({ "current-context": "first", clusters, contexts, users }));
  server.asked.length = 0;
  const run = await ingressDoctor(["diagnose", "--google", "off", "--kubeconfig", file, ...args]);
  return { ...run, asked: [...server.asked] };
}

const INGRESSES = "/apis/networking.k8s.io/v1";

/** A token as OIDC issuers sign them; nobody here checks the signature. */
function idToken(expiresAt: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: "somebody", exp: Math.floor(expiresAt / 1000) })}.signature`;
}

function oidc(token: string): object {
  const config = { "id-token": token, "client-id": "kubernetes", "idp-issuer-url": "https://127.0.0.1:1" };
  return { "auth-provider": { name: "oidc", config } };
}

describe("the user's kubeconfig", { timeout: 30_000 }, () => {
  test("gives namespace and token of its current context", async () => {
    const { asked, code, err } = await askedBy({ token: "own-token" });
    expect(asked).toEqual([`${INGRESSES}/namespaces/shop/ingresses Bearer own-token`]);
    expect(code).toBe(2);
    expect(err).toMatch(/^ingress-doctor: there is no Ingress in what was read: .*\n$/);
  });

  test("gives another context where one is named", async () => {
    const { asked } = await askedBy({ token: "own-token" }, "--context", "second");
    expect(asked).toEqual([`${INGRESSES}/namespaces/default/ingresses Bearer other-token`]);
  });

  test("says that there is no such context", async () => {
    const { asked, code, err } = await askedBy({ token: "own-token" }, "--context", "third");
    expect([asked, code]).toEqual([[], 2]);
    expect(err).toMatch(/^ingress-doctor: the kubeconfig .* has no context "third"; .*\n$/);
  });

  test("may have an exec plugin", async () => {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "exec-token" },
    };
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-p", JSON.stringify(JSON.stringify(credential))],
      interactiveMode: "Never",
    };
    expect((await askedBy({ exec })).asked).toEqual([
      `${INGRESSES}/namespaces/shop/ingresses Bearer exec-token`,
    ]);
  });

  test("may name a plugin that fails, which is said with what to do", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "/nonexistent-plugin" };
    const { asked, code, err } = await askedBy({ exec });
    expect([asked, code]).toEqual([[], 2]);
    expect(err).toMatch(
      /^ingress-doctor: the kubeconfig gives no credentials for this cluster .*log in again.*\n$/,
    );
  });

  test("may hold an OIDC token", async () => {
    const token = idToken(Date.now() + 3_600_000);
    expect((await askedBy(oidc(token))).asked).toEqual([
      `${INGRESSES}/namespaces/shop/ingresses Bearer ${token}`,
    ]);
  });

  test("may hold an OIDC token that has expired and cannot be renewed, which is said with what to do", async () => {
    const { asked, code, err } = await askedBy(oidc(idToken(Date.now() - 3_600_000)));
    expect([asked, code]).toEqual([[], 2]);
    expect(err).toMatch(/no credentials for this cluster \(the token has expired\): log in again/);
  });
});
