import { expect, it } from "vitest";
import type { Leftover } from "../../src/diagnostics/leftovers.ts";
import { known, type Observed } from "../../src/model/observed.ts";
import { LeftoverReport, leftoversIn } from "../../src/reconciler/leftover-report.ts";
import type { Listers, LogFields, Logger } from "../../src/reconciler/ports.ts";
import { shardOf } from "../../src/reconciler/shard.ts";
import { node, notRead } from "../support/builders.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { backendService, health, loadBalancer } from "../support/load-balancers.ts";

const MINUTE = 60_000;
const ignore = () => undefined;

function leftover(name: string): Leftover {
  return {
    kind: "url-map",
    name,
    owner: "Ingress shop/old",
    command: `gcloud compute url-maps delete ${name}`,
  };
}

function reporting() {
  const clock = new FakeClock();
  const lines: (LogFields | undefined)[] = [];
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (_text, fields) => lines.push(fields),
  };
  const state: { found: Observed<readonly Leftover[]> } = { found: known([leftover("one")]) };
  const report = new LeftoverReport({ find: () => state.found, clock, logger });
  const counted = () => report.counts()?.find(({ kind }) => kind === "url-map")?.count;
  return { clock, lines, state, report, counted };
}

it("names a leftover once, and only after garbage collection had its chances", async () => {
  const { clock, lines, report, counted } = reporting();
  report.start();
  await clock.pass(20 * MINUTE);
  expect(lines).toEqual([]);
  expect(counted()).toBe(0);
  await clock.pass(10 * MINUTE);
  expect(lines).toEqual([leftover("one")]);
  expect(counted()).toBe(1);
  await clock.pass(60 * MINUTE);
  expect(lines).toHaveLength(1);
});

it("forgets what went, and starts anew when it comes back", async () => {
  const { clock, lines, state, report, counted } = reporting();
  report.start();
  await clock.pass(30 * MINUTE);
  state.found = known([]);
  await clock.pass(5 * MINUTE);
  expect(counted()).toBe(0);
  state.found = known([leftover("one")]);
  await clock.pass(20 * MINUTE);
  expect(counted()).toBe(0);
  await clock.pass(15 * MINUTE);
  expect(counted()).toBe(1);
  expect(lines).toHaveLength(2);
});

it("keeps its answer while nothing can be read, and has none before", async () => {
  const { clock, state, report, counted } = reporting();
  state.found = notRead("loadBalancer");
  report.start();
  expect(report.counts()).toBeUndefined();
  state.found = known([leftover("one")]);
  await clock.pass(35 * MINUTE);
  state.found = notRead("loadBalancer");
  await clock.pass(35 * MINUTE);
  expect(counted()).toBe(1);
});

it("bounds what it writes at a time, and looks no more once stopped", async () => {
  const { clock, lines, state, report } = reporting();
  state.found = known(Array.from({ length: 60 }, (_, index) => leftover(`map-${index}`)));
  report.start();
  await clock.pass(30 * MINUTE);
  expect(lines).toHaveLength(51);
  expect(lines.at(-1)).toEqual({ count: 10 });
  report.stop();
  state.found = known([]);
  await clock.pass(30 * MINUTE);
  expect(report.counts()?.some(({ count }) => count === 60)).toBe(true);
});

it("leaves what other shards know to them: their objects are in no cache of this one", () => {
  const absent = { get: () => known(undefined) };
  const namespaces = ["shop", "bank", "news", "mail"];
  const held = namespaces.map((namespace, index) =>
    backendService({
      name: `k8s1-7c1e09d2-${namespace}-gone-80-0badc0de`,
      serviceKey: `${namespace}/gone`,
      health: known(index === 0 ? [health(1)] : []),
    }),
  );
  const balancer = loadBalancer({ urlMaps: known([]), backendServices: known(held), negs: known([]) });
  const listers = { nodes: { all: () => known([node()]) }, ingresses: absent, services: absent };
  for (const index of [0, 1]) {
    const found = leftoversIn({
      holdings: () => balancer,
      listers: listers as unknown as Listers,
      shard: { index, count: 2 },
    });
    const own = namespaces.filter((namespace) => shardOf(namespace, 2) === index);
    expect(own).not.toEqual([]);
    const owners = found.known ? found.value.map(({ owner }) => owner) : [];
    expect(owners.sort()).toEqual(own.map((namespace) => `Service ${namespace}/gone`).sort());
  }
});
