import { counted, listed } from "../diagnostics/text.ts";
import { type WatchedKind, watchedKinds } from "../kubernetes/kinds.ts";
import { type Entry, entryOf } from "../kubernetes/watch-stream.ts";
import { record } from "../model/json.ts";
import { unknown } from "../model/observed.ts";
import { objectKey } from "../model/refs.ts";
import type { CachedKind, CachedTypes, Listers } from "../reconciler/ports.ts";
import { systemClock } from "../telemetry/clock.ts";
import { type Inventory, sortedIngresses } from "./inventory.ts";
import { type ManifestObject, type ManifestText, parseManifestText } from "./manifest-text.ts";
import { listersOf, type ObjectSet } from "./object-listers.ts";

/**
 * Kinds that a cluster makes or completes: a manifest of one says nothing, and a dump of a cluster much. A
 * ManagedCertificate is one of them, because all that matters of it stands in its status.
 */
const MADE_BY_CLUSTER: ReadonlySet<CachedKind> = new Set([
  "endpointSlices",
  "pods",
  "nodes",
  "events",
  "serviceNegs",
  "managedCertificates",
]);

/** Never looked for among manifests: other tools make Secrets, so that one is not there means nothing. */
const NEVER_READ: ReadonlySet<CachedKind> = new Set(["secrets"]);

/**
 * Reads manifests as if they were a cluster.
 *
 * A kind counts as read in a namespace when at least one object of it is there; every other question is unknown
 * with reason `offline`.
 *
 * @param namespace of objects that name none
 * @param note receives one line for each thing that is odd but no failure
 */
export function readManifests(
  texts: readonly ManifestText[],
  namespace: string,
  note: (line: string) => void,
): Inventory {
  const objects = texts.flatMap((text) => parseManifestText(text, note));
  const sorted = sortOut(objects, namespace);
  for (const line of notesOn(sorted)) note(line);
  const places = new Map(sorted.kept.map((object) => [placeKey(object), object.object]));
  const listers = listersOf(setsOf(sorted.kept), (source) =>
    unknown(source, "offline", NEEDS[source] ?? "a live cluster"),
  );
  return {
    origin: "manifests",
    listers,
    ingresses: sortedIngresses(listers),
    takenAt: systemClock.now(),
    unread: {
      loadBalancer: unknown("loadBalancer", "offline", "a live cluster"),
      probes: unknown("probes", "offline", "a live cluster"),
    },
    placeOf: (object) => places.get(placeKey({ ...object, kind: { kind: object.kind } })),
  };
}

const NEEDS: { readonly [S in keyof Listers]?: string } = {
  services: "a live cluster, or the manifests of its Services",
  workloads: "a live cluster, or the manifests of its Deployments and StatefulSets",
  backendConfigs: "a live cluster, or the manifests of its BackendConfigs",
  frontendConfigs: "a live cluster, or the manifest of its FrontendConfig",
  networkPolicies: "a live cluster, or the manifests of its NetworkPolicies",
};

/** One object of a kind that diagnoses read. */
interface KeptObject {
  readonly kind: WatchedKind;
  readonly namespace: string;
  readonly name: string;
  readonly entry: Entry<unknown>;
  readonly object: ManifestObject;
}

interface Sorted {
  readonly kept: readonly KeptObject[];
  readonly duplicates: readonly (readonly [first: ManifestObject, last: KeptObject])[];
  /** Of kinds that no diagnosis reads. */
  readonly ignored: readonly ManifestObject[];
  /** Of a version that is not read. */
  readonly outdated: readonly (readonly [ManifestObject, WatchedKind])[];
}

function sortOut(objects: readonly ManifestObject[], namespace: string): Sorted {
  const kept = new Map<string, KeptObject>();
  const duplicates: [ManifestObject, KeptObject][] = [];
  const ignored: ManifestObject[] = [];
  const outdated: [ManifestObject, WatchedKind][] = [];
  for (const object of objects) {
    const kind = kindOf(object);
    if (kind === undefined) ignored.push(object);
    else if (kind.required && object.apiVersion !== apiVersionOf(kind)) outdated.push([object, kind]);
    else {
      const found = keptObject(object, kind, namespace);
      if (found === undefined) continue;
      const before = kept.get(placeKey(found));
      if (before !== undefined) duplicates.push([before.object, found]);
      kept.set(placeKey(found), found);
    }
  }
  return { kept: [...kept.values()], duplicates, ignored, outdated };
}

function keptObject(object: ManifestObject, kind: WatchedKind, fallback: string): KeptObject | undefined {
  if (NEVER_READ.has(kind.source)) return undefined;
  if (MADE_BY_CLUSTER.has(kind.source) && !isFromCluster(object.raw)) return undefined;
  const metadata = record(object.raw, "metadata");
  const raw = kind.namespaced
    ? { ...object.raw, metadata: { namespace: fallback, ...metadata } }
    : object.raw;
  const entry = entryOf(kind, raw);
  return entry && { kind, namespace: entry.namespace, name: entry.name, entry, object };
}

function isFromCluster(raw: object): boolean {
  const metadata = record(raw, "metadata") ?? {};
  return "uid" in metadata || "resourceVersion" in metadata || "status" in raw;
}

function kindOf({ apiVersion, kind }: ManifestObject): WatchedKind | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const kinds: readonly WatchedKind[] = watchedKinds;
  // Ingresses began in another group; who still writes that should hear of it.
  return kinds.find(
    (candidate) =>
      candidate.kind === kind &&
      (candidate.group === group || (kind === "Ingress" && group === "extensions")),
  );
}

function apiVersionOf({ group, version }: WatchedKind): string {
  return group === "" ? version : `${group}/${version}`;
}

function placeKey({
  kind,
  namespace,
  name,
}: {
  readonly kind: { readonly kind: string };
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind.kind}/${objectKey(namespace, name)}`;
}

function setsOf(kept: readonly KeptObject[]): readonly ObjectSet[] {
  // Ingresses are what the manifests are about: none in a namespace is a fact.
  const sets: ObjectSet[] = [
    set({
      source: "ingresses",
      namespace: undefined,
      of: kept.filter(({ kind }) => kind.source === "ingresses"),
    }),
  ];
  const others = kept.filter(({ kind }) => kind.source !== "ingresses");
  const groups = Map.groupBy(others, ({ kind, namespace }) => `${kind.source}/${namespace}`);
  for (const of of groups.values()) {
    const [first] = of;
    if (first === undefined) continue;
    const { source, namespaced } = first.kind;
    sets.push(set({ source, namespace: namespaced ? first.namespace : undefined, of }));
  }
  return sets;
}

function set({
  source,
  namespace,
  of,
}: {
  readonly source: CachedKind;
  readonly namespace: string | undefined;
  readonly of: readonly KeptObject[];
}): ObjectSet {
  const entries = of.map(({ entry }) => entry) as readonly Entry<CachedTypes[typeof source]>[];
  return { source, type: source, namespace, entries };
}

function notesOn({ duplicates, ignored, outdated }: Sorted): readonly string[] {
  const notes = duplicates.map(
    ([first, { object, kind, namespace, name }]) =>
      `${object.file}:${object.line}: ${kind.kind} ${namespace}/${name} stands in ${first.file}:${first.line} too; the last one counts`,
  );
  for (const [{ file, line, kind, apiVersion, name }, wanted] of outdated) {
    notes.push(
      `${file}:${line}: ${kind} ${name} is of ${apiVersion}, which is not read; write it as ${apiVersionOf(wanted)}`,
    );
  }
  if (ignored.length > 0) {
    const kinds = [...Map.groupBy(ignored, ({ kind }) => kind)].map(([kind, of]) => `${of.length} ${kind}`);
    notes.push(`not looked at: ${listed(kinds.sort(), 8)} (${counted(ignored.length, "object")})`);
  }
  return notes;
}
