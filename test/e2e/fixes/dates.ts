import type { ObjectRef } from "../../../src/model/refs.ts";
import { refKey } from "../../../src/model/refs.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { KubeObject } from "../../controlplane/kube-object.ts";
import { renderTime } from "../../support/render-pods.ts";

/** When an object of a snapshot was made, changed and marked for deletion; epoch milliseconds. */
export interface Dates {
  readonly createdAt: number;
  readonly changedAt?: number;
  readonly deletedAt?: number;
}

/** The dates of everything in a snapshot, by kind, namespace and name. */
export type DatesByObject = ReadonlyMap<string, Dates>;

type Dated = Dates & { readonly ref: ObjectRef };

/** Collects the dates of all objects of a snapshot. */
export function datesOf(snapshot: Snapshot): DatesByObject {
  const sources = Object.values(snapshot).map((source) => (isKnown(source) ? source.value : source));
  const dated = sources.flat().filter(isDated);
  return new Map(dated.map((object) => [`${object.ref.kind} ${refKey(object.ref)}`, object]));
}

function isKnown(source: unknown): source is { readonly value: unknown } {
  return typeof source === "object" && source !== null && "known" in source && source.known === true;
}

function isDated(object: unknown): object is Dated {
  return typeof object === "object" && object !== null && "ref" in object && "createdAt" in object;
}

interface StoredObject extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly managedFields?: readonly object[] };
}

/** The stored form of an object with its dates in place of the server's. */
export function dated(stored: string, dates: DatesByObject): string {
  const object = JSON.parse(stored) as StoredObject;
  const { kind, metadata } = object;
  const found = dates.get(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
  if (found === undefined) return stored;
  const { createdAt, changedAt = createdAt, deletedAt } = found;
  const managedFields = (metadata.managedFields ?? []).map((entry) => {
    return { ...entry, time: renderTime(changedAt) };
  });
  const renewed = {
    ...metadata,
    creationTimestamp: renderTime(createdAt),
    managedFields,
    ...(deletedAt === undefined ? {} : { deletionTimestamp: renderTime(deletedAt) }),
  };
  return JSON.stringify({ ...object, metadata: renewed });
}
