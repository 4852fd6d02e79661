import { diagnose } from "../../src/diagnostics/engine.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type ReportEntry, reportEntry } from "../../src/report/entry.ts";
import { BROKEN, HEALTHY, staged } from "../scenarios/scenario.ts";
import {
  endpoint,
  ingress,
  NOW,
  path,
  pod,
  rule,
  service,
  serviceNeg,
  slice,
  snapshot,
} from "../support/builders.ts";
import { backendService, health, live } from "../support/load-balancers.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";

/** One Ingress of a report. */
export function entryOf(sample: Snapshot): ReportEntry {
  return reportEntry(sample, diagnose(sample));
}

const ZONES = ["us-central1-a", "us-central1-b", "us-central1-c"];

/** Six ready pods in three zones, of which Google calls those of the first zone healthy. */
export function threeZones(): Snapshot {
  const numbers = [1, 2, 3, 4, 5, 6];
  const zoneOf = (number: number) => ZONES[Math.floor((number - 1) / 2)] ?? "";
  const endpoints = numbers.map((number) => endpoint(number, { zone: zoneOf(number) }));
  const states = numbers.map((number) =>
    health(number, { zone: zoneOf(number), state: number <= 2 ? "HEALTHY" : "UNHEALTHY" }),
  );
  return live(
    { backendServices: known([backendService({ health: known(states) })]) },
    {
      endpointSlices: known([slice({ endpoints })]),
      pods: known(numbers.map((number) => pod(number))),
    },
  );
}

/** An Ingress of many hosts, each with a few paths, and a Service for every third host. */
export function manyRoutes(hosts: number): Snapshot {
  const names = Array.from({ length: Math.ceil(hosts / 3) }, (_, index) => `app-${index}`);
  const rules = Array.from({ length: hosts }, (_, index) => {
    const name = names[Math.floor(index / 3)] ?? "";
    return rule(
      `host-${index}.example.com`,
      path("/", name),
      path(`/section-${index}`, name, { pathType: "Exact" }),
      path("/assets/*", name, { pathType: "ImplementationSpecific" }),
    );
  });
  return snapshot({
    ingress: ingress({ name: "many", rules }),
    services: known(names.map((name) => service({ name }))),
    endpointSlices: known(names.map((name) => slice({ service: name }))),
    serviceNegs: known(names.map((name) => serviceNeg({ service: name }))),
    pods: known(names.flatMap((name) => [pod(1, {}, name), pod(2, {}, name)])),
  });
}

/** Every Ingress of every scenario, healthy and broken, under a name of its own. */
export function scenarioSnapshots(): readonly Snapshot[] {
  return [...HEALTHY, ...BROKEN].flatMap((scenario) => {
    const { now } = staged(scenario);
    return snapshotsOf(now.cluster.objects, now.seenAt);
  });
}

/** As many Ingresses as asked for, of all kinds, each under a name of its own. */
export function manyEntries(count: number): readonly ReportEntry[] {
  const all = scenarioSnapshots();
  const kinds = all.map((sample) => ({ sample, diagnosis: diagnose(sample) }));
  return Array.from({ length: count }, (_, index) => {
    const { sample, diagnosis } = kinds[index % kinds.length] ?? { sample: snapshot(), diagnosis: undefined };
    const name = `web-${index}`;
    const named = diagnosis ?? diagnose(sample);
    return reportEntry(sample, { ...named, ingress: { ...named.ingress, name } });
  });
}

/** A report's input of these entries, as read from a cluster. */
export function reportInput(entries: readonly ReportEntry[]) {
  return { generatedAt: NOW, origin: "cluster", entries, leftOut: 0 } as const;
}
