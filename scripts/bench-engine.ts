import { diagnose } from "../src/diagnostics/engine.ts";
import { known } from "../src/model/observed.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import {
  endpoint,
  ingress,
  negName,
  path,
  pod,
  rule,
  servedAnnotations,
  service,
  serviceNeg,
  slice,
  snapshot,
  workload,
} from "../test/support/builders.ts";

/** One measured figure; `budget` is the upper bound that the design promises, in the same unit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget?: number;
}

const ROUTES = 10;
const PODS_PER_ROUTE = 3;
const WARM_UP_BATCHES = 40;
const BATCHES = 100;
const RUNS_PER_BATCH = 100;

/**
 * Diagnosing one Ingress with 10 routes and 30 pods: p50 and p99 by the clock, CPU time, and how many JSON copies
 * of its input one run costs.
 *
 * The clock also counts what other processes take on a busy machine. CPU time leaves that out and the ratio the
 * speed of the machine, too; both take the batch that was disturbed least, and the copies run in between, so that
 * all see the same machine.
 */
export function benchEngine(): readonly Figure[] {
  const given = busyIngress();
  const run = () => diagnose(given);
  const copy = () => JSON.parse(JSON.stringify(given));
  pairedBatches(WARM_UP_BATCHES, run, copy);
  const pairs = pairedBatches(BATCHES, run, copy);
  const durations = pairs.flatMap(([ran]) => ran.durations);
  const cpu = Math.min(...pairs.map(([ran]) => ran.cpu));
  const copyCpu = Math.min(...pairs.map(([, copied]) => copied.cpu));
  const name = "diagnose, 10 routes, 30 pods";
  return [
    { name: `${name}, p50`, value: percentile(durations, 50), unit: "us", budget: 150 },
    { name: `${name}, p99`, value: percentile(durations, 99), unit: "us", budget: 1000 },
    { name: `${name}, CPU time`, value: cpu, unit: "us", budget: 150 },
    { name: "diagnose against one JSON copy of its input", value: cpu / copyCpu, unit: "ratio" },
  ];
}

function busyIngress(): Snapshot {
  const names = Array.from({ length: ROUTES }, (_, index) => `web-${index}`);
  const backends = JSON.stringify(Object.fromEntries(names.map((name) => [negName(name), "HEALTHY"])));
  const numbers = Array.from({ length: PODS_PER_ROUTE }, (_, index) => index + 1);
  return snapshot({
    ingress: ingress({
      rules: [rule("shop.example.com", ...names.map((name) => path(`/${name}`, name)))],
      annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }),
    }),
    services: known(names.map((name) => service({ name }))),
    endpointSlices: known(
      names.map((name) =>
        slice({ service: name, endpoints: numbers.map((index) => endpoint(index, {}, name)) }),
      ),
    ),
    pods: known(names.flatMap((name) => numbers.map((index) => pod(index, {}, name)))),
    workloads: known(names.map((name) => workload({ name }))),
    serviceNegs: known(names.map((name) => serviceNeg({ service: name }))),
  });
}

/** One batch of runs; all times in microseconds. */
interface Batch {
  /** CPU time of the process per run, garbage collection included. */
  readonly cpu: number;
  /** Duration of each run by the clock. */
  readonly durations: readonly number[];
}

/** Batches of two tasks by turns. */
function pairedBatches(
  count: number,
  first: () => unknown,
  second: () => unknown,
): readonly (readonly [Batch, Batch])[] {
  return Array.from({ length: count }, () => [measure(first), measure(second)] as const);
}

function measure(task: () => unknown): Batch {
  const before = process.cpuUsage();
  const durations = Array.from({ length: RUNS_PER_BATCH }, () => {
    const start = performance.now();
    task();
    return (performance.now() - start) * 1000;
  });
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / RUNS_PER_BATCH, durations };
}

function percentile(durations: readonly number[], percent: number): number {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
