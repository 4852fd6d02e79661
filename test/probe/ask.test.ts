import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProbeTarget } from "../../src/model/probe.ts";
import { ask } from "../../src/probe/ask.ts";
import { MAX_BODY_BYTES } from "../../src/probe/exchange.ts";
import { PodNetwork } from "../simulator/pod-network.ts";
import type { PodBehaviour } from "../simulator/pod-server.ts";
import { target } from "./targets.ts";

const PATIENT_MS = 5000;
const HURRIED_MS = 150;
const DRIP_MS = 10;
let network: PodNetwork;
beforeEach(() => {
  network = new PodNetwork();
});
afterEach(() => network.stop());

function asked(changes: Partial<ProbeTarget> = {}, deadlineMs = PATIENT_MS) {
  return ask(target(changes), { connect: network.connect, deadlineMs });
}

const PROTOCOLS = ["HTTP", "HTTPS", "HTTP2"] as const;

describe.each(PROTOCOLS)("a probe in %s", (scheme) => {
  const listen = (behaviour: PodBehaviour = {}) =>
    network.listen("10.4.0.1", 8080, { protocol: scheme, ...behaviour });

  it.each([200, 204, 401, 403, 404, 500, 503])("tells status %d", async (status) => {
    await listen({ otherwise: status });
    expect(await asked({ scheme })).toEqual({ kind: "answered", status });
  });

  it("asks what Google's prober asks, once", async () => {
    const pod = await listen();
    await asked({ scheme, path: "/ready?deep=1" });
    const version = scheme === "HTTP2" ? "2.0" : "1.1";
    expect(pod.seen).toEqual([
      {
        path: "/ready",
        host: "10.4.0.1",
        userAgent: expect.stringMatching(/^GoogleHC\/1\.0/) as string,
        version,
      },
    ]);
  });

  it("sends the Host header that the health check has", async () => {
    const pod = await listen();
    await asked({ scheme, host: "shop.example.com" });
    expect(pod.seen[0]?.host).toBe("shop.example.com");
  });

  it("tells where a redirect points to, and does not follow it", async () => {
    const location = "https://login.example.com/login?token=secret#there";
    const pod = await listen({ otherwise: { status: 301, location } });
    expect(await asked({ scheme })).toEqual({
      kind: "answered",
      status: 301,
      redirect: { scheme: "https", path: "/login" },
    });
    expect(pod.seen).toHaveLength(1);
    expect(network.connections).toEqual(["10.4.0.1:8080"]);
  });

  it("reads no more of an endless body than it has to", async () => {
    const pod = await listen({ otherwise: "endless" });
    expect(await asked({ scheme })).toEqual({ kind: "answered", status: 200 });
    // What is in flight when the connection ends depends on the buffers of the kernel.
    expect(pod.sent).toBeLessThan(16 * 1024 * 1024);
  });

  it("gives up on a pod that does not answer", async () => {
    await listen({ otherwise: "hang" });
    expect(await asked({ scheme }, HURRIED_MS)).toEqual({ kind: "timeout", waitedMs: HURRIED_MS });
  });

  it("tells a refused connection", async () => {
    expect(await asked({ scheme })).toEqual({ kind: "refused" });
  });

  it("tells a connection that closes without an answer", async () => {
    await listen({ otherwise: "drop" });
    expect(await asked({ scheme })).toEqual({ kind: "reset" });
  });
});

describe("what is spoken on the port", () => {
  const spoken = async (protocol: PodBehaviour["protocol"], scheme: ProbeTarget["scheme"]) => {
    await network.listen("10.4.0.1", 8080, protocol === undefined ? {} : { protocol });
    return asked({ scheme });
  };

  it("tells TLS asked of a server without", async () => {
    expect(await spoken("HTTP", "HTTPS")).toEqual({ kind: "tls-error" });
    expect(await spoken("HTTP", "HTTP2")).toEqual({ kind: "tls-error" });
  });

  it("tells clear text asked of a server with TLS", async () => {
    expect(["not-http", "reset"]).toContain((await spoken("HTTPS", "HTTP")).kind);
  });

  it("tells HTTP/2 asked of a server that only has HTTP/1.1", async () => {
    expect(["not-http", "tls-error"]).toContain((await spoken("HTTPS", "HTTP2")).kind);
  });
});

describe("a hostile server", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function served(answer: (socket: Socket) => void, changes: Partial<ProbeTarget> = {}) {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => answer(socket));
    });
    const { port } = await new Promise<{ port: number }>((resolve) =>
      server?.listen(0, "127.0.0.1", () => resolve(server?.address() as { port: number })),
    );
    const direct = () => connect({ host: "127.0.0.1", port });
    return ask(target(changes), { connect: direct, deadlineMs: HURRIED_MS });
  }

  /** Answers at once with `first`, and then with `more` every now and then. */
  function dripping(first: string, more: string, changes: Partial<ProbeTarget> = {}) {
    return served((socket) => {
      socket.write(first);
      const timer = setInterval(() => socket.write(more), DRIP_MS);
      socket.on("close", () => clearInterval(timer));
    }, changes);
  }

  function answering(bytes: string) {
    return served((socket) => socket.write(bytes));
  }

  it("cannot hold the probe by dripping headers", async () => {
    await network.listen("10.4.0.1", 8080, { otherwise: "drip" });
    expect(await asked({}, HURRIED_MS)).toEqual({ kind: "timeout", waitedMs: HURRIED_MS });
  });

  it("cannot hold the probe by dripping a body", async () => {
    expect(await dripping("HTTP/1.1 200 OK\r\n\r\n", "x")).toEqual({ kind: "answered", status: 200 });
  });

  it("cannot hold the probe by announcing an answer again and again", async () => {
    const hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
    expect(await dripping(hint, hint)).toEqual({ kind: "timeout", waitedMs: HURRIED_MS });
  });

  it.each(["HTTPS", "HTTP2"] as const)("cannot hold a probe in %s by never shaking hands", async (scheme) => {
    expect(await dripping("", "", { scheme })).toEqual({ kind: "timeout", waitedMs: HURRIED_MS });
  });

  it("does not send the probe elsewhere by a redirect", async () => {
    const location = "http://169.254.169.254/computeMetadata/v1/";
    await network.listen("10.4.0.1", 8080, { otherwise: { status: 307, location } });
    expect(await asked()).toMatchObject({ status: 307, redirect: { path: "/computeMetadata/v1/" } });
    expect(network.connections).toEqual(["10.4.0.1:8080"]);
  });

  it("cannot make it read headers without end", async () => {
    expect(await answering(`HTTP/1.1 200 OK\r\n${"x-a: b\r\n".repeat(10_000)}`)).toEqual({
      kind: "not-http",
    });
  });

  it.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n", { kind: "not-http" }],
    [
      "an early hint",
      "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
      { kind: "answered", status: 200 },
    ],
    ["a body cut short", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nx", { kind: "answered", status: 200 }],
    [
      "a broken Location",
      "HTTP/1.1 302 Found\r\nlocation: http://[\r\ncontent-length: 0\r\n\r\n",
      { kind: "answered", status: 302 },
    ],
    [
      "a Location of another kind",
      "HTTP/1.1 302 Found\r\nlocation: javascript:alert(1)\r\ncontent-length: 0\r\n\r\n",
      { kind: "answered", status: 302 },
    ],
  ])("is told with %s", async (_name, bytes, outcome) => {
    expect(await answering(bytes)).toEqual(outcome);
  });

  it("gets nothing of its body into the outcome", async () => {
    const outcome = await answering(`HTTP/1.1 200 OK\r\n\r\n${"SECRET".repeat(MAX_BODY_BYTES)}`);
    expect(JSON.stringify(outcome)).not.toContain("SECRET");
  });
});

describe("a request that no prober sends", () => {
  it.each([
    "/a b",
    "/\r\nX-Injected: 1",
    "no-slash",
    "/ü",
    "",
    `/${"a".repeat(2048)}`,
    "http://169.254.169.254/",
  ])("is not sent: path %j", async (path) => {
    expect(await asked({ path })).toEqual({ kind: "blocked" });
    expect(network.connections).toEqual([]);
  });

  it.each(["a\r\nb", "a b", "a/b", "a@b"])("is not sent: Host %j", async (host) => {
    expect(await asked({ host })).toEqual({ kind: "blocked" });
    expect(network.connections).toEqual([]);
  });
});
