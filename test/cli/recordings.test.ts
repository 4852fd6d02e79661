import { expect, test } from "vitest";
import { readManifests } from "../../src/cli/manifest-inventory.ts";
import { reportOn } from "../../src/cli/report.ts";
import { readRecordings } from "../recordings/recording.ts";
import type { RawObject } from "../support/object-snapshots.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";

/** Annotations that GKE's controllers write. */
const WRITTEN_BY_GKE =
  /^ingress\.kubernetes\.io\/|neg-status$|\/instance-groups$|last-applied-configuration$/;

/** Metadata that an API server adds. */
const WRITTEN_BY_SERVER = new Set([
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
  "finalizers",
  "ownerReferences",
]);

interface Applied {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly annotations?: Record<string, string> };
  readonly spec?: { readonly ports?: readonly Record<string, unknown>[] };
  readonly status?: unknown;
}

/** An object as its author may have written it: without anything that a cluster adds. */
function asWritten(object: RawObject): unknown {
  const { status: _, ...rest } = structuredClone(object) as RawObject & Applied;
  const kept = Object.entries(rest.metadata).filter(([key]) => !WRITTEN_BY_SERVER.has(key));
  const annotations = Object.entries(rest.metadata.annotations ?? {});
  const own = Object.fromEntries(annotations.filter(([key]) => !WRITTEN_BY_GKE.test(key)));
  for (const port of object.kind === "Service" ? (rest.spec?.ports ?? []) : []) delete port.nodePort;
  return { ...rest, metadata: { ...Object.fromEntries(kept), annotations: own } };
}

describeWithShared("manifests of recorded clusters", () => {
  test("no manifest of a healthy cluster has an error or a warning", () => {
    const healthy = readRecordings(sharedPath("recordings")).filter(({ name }) => name.startsWith("healthy"));
    expect(healthy.length).toBeGreaterThan(10);
    for (const { name, objects } of healthy) {
      const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects.map(asWritten) });
      const inventory = readManifests([{ file: name, text }], "default", () => {});
      const { items } = reportOn(inventory, inventory.ingresses, false);
      const findings = items.flatMap(({ diagnosis }) => diagnosis.findings);
      const loud = findings.filter(({ severity }) => severity !== "info");
      expect(loud.map(({ code, message }) => `${name}: ${code} ${message}`)).toEqual([]);
    }
  });
});
