import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { BoundedServer } from "../../src/http/bounded-server.ts";
import { type HealthOptions, startHealthServer } from "../../src/telemetry/health.ts";
import { clockCheck, queueCheck } from "../../src/telemetry/process-checks.ts";

let server: BoundedServer | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.stop();
  server = undefined;
});

async function serve(options: Partial<HealthOptions> = {}): Promise<string> {
  server = await startHealthServer({
    host: "127.0.0.1",
    port: 0,
    live: [],
    ready: [],
    metrics: async () => ({ contentType: "text/plain", text: "metric 1\n" }),
    ...options,
  });
  return `http://127.0.0.1:${server.port}`;
}

async function get(url: string, init: RequestInit = {}): Promise<[status: number, text: string]> {
  const answer = await fetch(url, { ...init, headers: { connection: "close" } });
  return [answer.status, await answer.text()];
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

test("liveness and readiness are asked separately", async () => {
  const base = await serve({
    live: [{ name: "queue", ask: () => ({ isGood: true }) }],
    ready: [
      { name: "caches", ask: () => ({ isGood: false, detail: "no answer yet for pods" }) },
      { name: "diagnoses", ask: () => ({ isGood: true, detail: "only Events" }) },
    ],
  });
  expect(await get(`${base}/livez`)).toEqual([200, "ok queue\n"]);
  expect(await get(`${base}/healthz?verbose`)).toEqual([200, "ok queue\n"]);
  expect(await get(`${base}/readyz`)).toEqual([
    503,
    "failed caches: no answer yet for pods\nok diagnoses: only Events\n",
  ]);
});

test("there is nothing else, and nothing can be changed", async () => {
  const base = await serve();
  expect(await get(`${base}/metrics`)).toEqual([200, "metric 1\n"]);
  expect((await get(`${base}/debug/pprof`))[0]).toBe(404);
  expect((await get(`${base}/metrics`, { method: "POST", body: "x" }))[0]).toBe(405);
});

test("a scrape that fails says so without a reason", async () => {
  const base = await serve({ metrics: () => Promise.reject(new Error("secret")) });
  expect(await get(`${base}/metrics`)).toEqual([500, "internal error\n"]);
});

test("scrapes that overlap are rendered once", async () => {
  let rendered = 0;
  let finish = () => {};
  const base = await serve({
    metrics: async () => {
      rendered += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { contentType: "text/plain", text: "metric 1\n" };
    },
  });
  const scrapes = [get(`${base}/metrics`), get(`${base}/metrics`), get(`${base}/metrics`)];
  await expect.poll(() => rendered).toBe(1);
  // All three requests must have arrived before the first answer is ready.
  await get(`${base}/livez`);
  finish();
  expect(await Promise.all(scrapes)).toEqual(Array(3).fill([200, "metric 1\n"]));
  expect(rendered).toBe(1);
});

test("clients that send nothing do not keep others from being answered, and there is a limit to them", async () => {
  const base = await serve();
  const port = Number(new URL(base).port);
  for (let index = 0; index < 90; index += 1) {
    const socket = await open(port);
    socket.write("GET /livez HTTP/1.1\r\nx: ");
  }
  expect((await get(`${base}/livez`))[0]).toBe(200);
  const refused = await Promise.all(Array.from({ length: 50 }, () => open(port).then(isClosedByServer)));
  expect(refused.filter(Boolean).length).toBeGreaterThanOrEqual(30);
});

test("headers of megabytes are refused", async () => {
  const base = await serve();
  const socket = await open(Number(new URL(base).port));
  socket.write(`GET /livez HTTP/1.1\r\nx: ${"a".repeat(100_000)}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 431 /);
});

test("stopping drops open connections", async () => {
  const base = await serve();
  const socket = await open(Number(new URL(base).port));
  const closed = once(socket, "close");
  await server?.stop();
  server = undefined;
  await closed;
  await expect(fetch(`${base}/livez`)).rejects.toThrow();
});

test("a port that is taken is an error", async () => {
  const base = await serve();
  const port = Number(new URL(base).port);
  const options = {
    host: "127.0.0.1",
    port,
    live: [],
    ready: [],
    metrics: async () => ({ contentType: "", text: "" }),
  };
  await expect(startHealthServer(options)).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("the queue is ill when a key runs for minutes", () => {
  const check = (seconds: number[]) => queueCheck(() => seconds).ask();
  expect([check([]), check([1, 299]), check([2, 301])]).toEqual([
    { isGood: true },
    { isGood: true },
    { isGood: false, detail: "a reconcile has been running for 301 s" },
  ]);
});

test("the clock is ill when it jumps, not when time passes", () => {
  let [now, monotonic] = [1_000_000, 50];
  const check = clockCheck({ now: () => now, monotonic: () => monotonic });
  now += 3_600_000;
  monotonic += 3_600_000;
  expect(check.ask()).toEqual({ isGood: true });
  now -= 10 * 60_000;
  expect(check.ask()).toEqual({ isGood: false, detail: "the wall clock has jumped by 600 s" });
});

function isClosedByServer(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve(true)).once("data", () => resolve(false));
    socket.write("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");
  });
}
