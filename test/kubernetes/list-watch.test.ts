import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { ApiFailure, type FailureKind } from "../../src/kubernetes/api-failure.ts";
import { KindCache } from "../../src/kubernetes/kind-cache.ts";
import { watchedKinds } from "../../src/kubernetes/kinds.ts";
import { LIST_WATCH_TIMINGS, ListWatch } from "../../src/kubernetes/list-watch.ts";
import type { ApiClient, ApiRequest } from "../../src/kubernetes/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";

const services = watchedKinds[1];

/** What the server does with one request: refuse it, or send lines and then keep the stream until it is ended. */
type Answer = ApiFailure | readonly (object | string)[];

const INITIAL_END = {
  type: "BOOKMARK",
  object: { metadata: { resourceVersion: "10", annotations: { "k8s.io/initial-events-end": "true" } } },
};

class ScriptedServer implements ApiClient {
  readonly requests: { readonly at: number; readonly query: ApiRequest["query"] }[] = [];
  readonly #clock: FakeClock;
  readonly #answer: (request: number) => Answer;
  #open: Readable | undefined;

  constructor(clock: FakeClock, answer: (request: number) => Answer) {
    this.#clock = clock;
    this.#answer = answer;
  }

  call(): Promise<unknown> {
    return Promise.reject(new Error("a list watch streams everything"));
  }

  stream(request: ApiRequest): Promise<{ chunks: Readable }> {
    const answer = this.#next(request);
    if (answer instanceof ApiFailure) return Promise.reject(answer);
    if (request.query?.watch === undefined) {
      const list = JSON.stringify({ metadata: { resourceVersion: "10" }, items: answer });
      return Promise.resolve({ chunks: Readable.from([Buffer.from(list)]) });
    }
    const chunks = new Readable({ read: () => undefined });
    for (const line of answer)
      chunks.push(Buffer.from(`${typeof line === "string" ? line : JSON.stringify(line)}\n`));
    request.signal?.addEventListener("abort", () => chunks.destroy(new ApiFailure("aborted")));
    this.#open = chunks;
    return Promise.resolve({ chunks });
  }

  /** Ends the open stream in good order. */
  close(): void {
    this.#open?.push(null);
  }

  /** Milliseconds between requests. */
  get pauses(): number[] {
    return this.requests.slice(1).map(({ at }, index) => Math.round(at - (this.requests[index]?.at ?? 0)));
  }

  #next({ query }: ApiRequest): Answer {
    this.requests.push({ at: this.#clock.monotonic(), query });
    return this.#answer(this.requests.length - 1);
  }
}

function start(answer: (request: number) => Answer, random = 0) {
  const clock = new FakeClock();
  const server = new ScriptedServer(clock, answer);
  const log: string[] = [];
  const cache = new KindCache("services", {
    changed: (_kind, { before, after }) =>
      log.push(
        `${before === undefined ? "+" : after === undefined ? "-" : "~"}${(after ?? before)?.ref.name}`,
      ),
    phaseChanged: (_kind, { phase }) => log.push(phase),
    now: () => clock.now(),
  });
  const loop = new ListWatch<"services">({
    kind: services,
    transport: server,
    clock,
    timings: LIST_WATCH_TIMINGS,
    random: () => random,
    sink: cache.addPartition("services", undefined),
    report: {
      listed: () => undefined,
      connected: () => undefined,
      ended: (reason) => log.push(`(${reason})`),
    },
  });
  const stop = new AbortController();
  const running = loop.run(stop.signal);
  return { clock, server, log, cache, running, stop: () => stop.abort() };
}

const refusal = (kind: FailureKind, retryAfterMs?: number): ApiFailure =>
  new ApiFailure(kind, retryAfterMs === undefined ? {} : { retryAfterMs });

function added(name: string, resourceVersion = "5") {
  return { type: "ADDED", object: { metadata: { namespace: "x", name, resourceVersion } } };
}

describe("pauses", () => {
  test("grow while the server fails, up to the longest", async () => {
    const { clock, server } = start(() => refusal("unavailable"));
    await clock.pass(150_000);
    expect(server.pauses.slice(0, 8)).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  });

  test("are as long as the server asks for", async () => {
    const { clock, server } = start(() => refusal("too-many-requests", 17_000));
    await clock.pass(60_000);
    expect(server.pauses.slice(0, 3)).toEqual([17_000, 17_000, 17_000]);
  });

  test.each(["forbidden", "not-found"] as const)("are slow and even while a kind is %s", async (kind) => {
    const { clock, server } = start(() => refusal(kind), 0.99);
    await clock.pass(600_000);
    expect(server.requests.length).toBeLessThanOrEqual(20);
    expect(Math.max(...server.pauses)).toBeLessThan(35_000);
  });

  test("are short after a healthy watch and grow after one that ends at once", async () => {
    const { clock, server } = start(() => [INITIAL_END], 0.5);
    const pauses: number[] = [];
    for (const lived of [6_000, 0, 0, 0, 6_000]) {
      await clock.pass(lived);
      const [closedAt, requests] = [clock.monotonic(), server.requests.length];
      server.close();
      while (server.requests.length === requests) await clock.pass(25);
      pauses.push(clock.monotonic() - closedAt);
    }
    expect(pauses).toEqual([125, 1_200, 2_400, 4_800, 125]);
  });
});

describe("what a watch asks for", () => {
  test("a streamed list first, then everything after the last version seen", async () => {
    const { clock, server, log } = start((request) =>
      request === 0 ? [added("a"), INITIAL_END, added("b", "12")] : [],
    );
    await clock.pass(6_000);
    server.close();
    await clock.pass(1_000);
    expect(server.requests.map(({ query }) => [query?.sendInitialEvents, query?.resourceVersion])).toEqual([
      ["true", undefined],
      [undefined, "12"],
    ]);
    expect(server.requests.every(({ query }) => query?.allowWatchBookmarks === "true")).toBe(true);
    expect(log).toEqual(["+a", "synced", "+b", "(closed)"]);
  });

  test("an end between 300 and 600 s, spread at random", async () => {
    const seconds = [0, 0.5, 0.999].map(async (random) => {
      const { clock, server } = start(() => [INITIAL_END], random);
      await clock.pass(0);
      return Number(server.requests[0]?.query?.timeoutSeconds);
    });
    expect(await Promise.all(seconds)).toEqual([300, 450, 600]);
  });

  test("a list that never says it is complete is nothing, and the next attempt begins anew", async () => {
    const { clock, server, log } = start((request) => (request === 0 ? [added("a")] : [INITIAL_END]));
    await clock.pass(6_000);
    server.close();
    await clock.pass(1_000);
    expect(log).toEqual(["(closed)", "synced"]);
    expect(server.requests[1]?.query?.sendInitialEvents).toBe("true");
  });

  test("a server that ignores the request for a streamed list gets a paged one", async () => {
    const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } };
    const { clock, server, log } = start((request) => (request === 1 ? [added("a").object] : [bookmark]));
    await clock.pass(5_000);
    expect(server.requests[1]?.query).toEqual({ limit: "500" });
    expect(log).toEqual(["(invalid)", "+a", "synced"]);
  });

  test("an outdated version, told inside the stream, leads to one new list", async () => {
    const expired = { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };
    const { clock, server, log } = start((request) =>
      request === 0
        ? [added("a"), INITIAL_END]
        : request === 1
          ? [added("b", "11"), expired]
          : [added("b"), INITIAL_END],
    );
    await clock.pass(6_000);
    server.close();
    await clock.pass(5_000);
    expect(log).toEqual(["+a", "synced", "(closed)", "+b", "(gone)", "-a"]);
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    ["a line that is no JSON", "{"],
    ["an event of no type", "{}"],
    ["an object without a name", '{"type":"ADDED","object":{}}'],
  ])("%s ends the watch but not the process", async (_, line) => {
    const { clock, server, log, cache } = start((request) =>
      request === 0 ? [added("a"), INITIAL_END, line] : [],
    );
    await clock.pass(5_000);
    expect(log).toEqual(["+a", "synced", "(malformed)"]);
    expect(server.requests[1]?.query?.resourceVersion).toBe("10");
    expect(cache.state()).toMatchObject({ phase: "synced", objects: 1 });
  });
});

describe("stopping", () => {
  test("ends a pause and an open watch without a further request", async () => {
    const pausing = start(() => refusal("unavailable"));
    await pausing.clock.pass(100);
    pausing.stop();
    await pausing.running;
    expect(pausing.server.requests).toHaveLength(1);

    const watching = start(() => [INITIAL_END]);
    await watching.clock.pass(100);
    watching.stop();
    await watching.running;
    expect(watching.server.requests).toHaveLength(1);
    expect(watching.log).toEqual(["synced"]);
  });
});
