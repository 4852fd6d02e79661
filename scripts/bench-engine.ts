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
const RUNS = 20_000;

/** Diagnosing one Ingress with 10 routes and 30 pods: p50, p99, and how many JSON copies of its input one run costs. */
export function benchEngine(): readonly Figure[] {
  const given = busyIngress();
  measure(2000, () => diagnose(given));
  const diagnoses = measure(RUNS, () => diagnose(given));
  const copies = measure(RUNS / 10, () => JSON.parse(JSON.stringify(given)));
  return [
    { name: "diagnose, 10 routes, 30 pods, p50", value: percentile(diagnoses, 50), unit: "us", budget: 150 },
    { name: "diagnose, 10 routes, 30 pods, p99", value: percentile(diagnoses, 99), unit: "us", budget: 1000 },
    {
      name: "diagnose against one JSON copy of its input",
      value: percentile(diagnoses, 50) / percentile(copies, 50),
      unit: "ratio",
    },
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

/** Duration of each run, in microseconds. */
function measure(runs: number, task: () => unknown): readonly number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    task();
    return (performance.now() - start) * 1000;
  });
}

function percentile(durations: readonly number[], percent: number): number {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
