import { field, list, record, text, time } from "../../model/json.ts";
import type { ObjectRef } from "../../model/refs.ts";
import { type StringMap, stringMap } from "../../model/refs.ts";
import { share, sharedText } from "./sharing.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Managers under which GKE's own controllers write Ingresses and Services (ingress-gce runs its Ingress and NEG
 * controllers in one binary, `glbc`; the managed certificate controller adds `pre-shared-cert`).
 */
const CONTROLLER_MANAGERS: ReadonlySet<string> = new Set([
  "glbc",
  "ingress-gce",
  "neg-controller",
  "l4-controller",
  "managed-certificate-controller",
  "kube-controller-manager",
  "cloud-controller-manager",
]);

const EMPTY_MAP: StringMap = stringMap(undefined);

/** Type identity of a projected object, used where a list item leaves out its own. */
export interface TypeIdentity {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Reference to a raw object. A list item carries no `apiVersion`, so the watched type fills in. */
export function projectRef(raw: unknown, type: TypeIdentity): ObjectRef {
  const metadata = record(raw, "metadata");
  const apiVersion = text(raw, "apiVersion");
  return Object.freeze({
    apiVersion: apiVersion === undefined || apiVersion === type.apiVersion ? type.apiVersion : apiVersion,
    kind: type.kind,
    namespace: sharedText(metadata, "namespace") ?? "",
    name: text(metadata, "name") ?? "",
  });
}

/** Creation time of a raw object in epoch milliseconds, 0 when it has none (a manifest never applied). */
export function createdAt(raw: unknown): number {
  return time(record(raw, "metadata"), "creationTimestamp") ?? 0;
}

/** Time at which deletion was requested. */
export function deletedAt(raw: unknown): number | undefined {
  return time(record(raw, "metadata"), "deletionTimestamp");
}

/** Prototype-free frozen copy of a map field, sharing one empty map. */
export function projectMap(source: unknown, key: string): StringMap {
  const value = record(source, key);
  return value === undefined ? EMPTY_MAP : frozenMap({ ...value });
}

/**
 * Makes a fresh copy of a map prototype-free and frozen.
 *
 * An object that is created without a prototype is a hash table, four times as big as one that loses it later.
 */
function frozenMap(copy: Record<string, unknown>): StringMap {
  const entries = Object.entries(copy);
  if (entries.length === 0) return EMPTY_MAP;
  for (const [key, value] of entries) {
    // The API server stores strings only; from anything else the strings are picked one by one.
    if (typeof value !== "string") return stringMap(copy);
    copy[key] = share(value);
  }
  return Object.freeze(Object.setPrototypeOf(copy, null));
}

/** Annotations of a raw object without kubectl's copy of the whole manifest. */
export function annotations(raw: unknown): StringMap {
  const source = record(record(raw, "metadata"), "annotations");
  if (source === undefined) return EMPTY_MAP;
  const { [LAST_APPLIED]: _, ...kept } = source as Record<string, unknown>;
  return frozenMap(kept);
}

/** Labels of a raw object. */
export function labels(raw: unknown): StringMap {
  return projectMap(record(raw, "metadata"), "labels");
}

/** Newest write other than to the status, as managedFields record it; else the creation time. */
export function lastWriteAt(raw: unknown): number {
  return newestWrite(raw, (entry) => text(entry, "subresource") !== "status");
}

/**
 * Newest write by which a user changed the spec or their own annotations; else the creation time.
 *
 * GKE's controllers keep their results in annotations and finalizers of the very objects they read, so neither
 * their managers nor an entry that owns nothing but such results counts as a change.
 */
export function lastUserWriteAt(raw: unknown): number {
  return newestWrite(raw, isUserWrite);
}

function newestWrite(raw: unknown, counts: (entry: unknown) => boolean): number {
  let newest = createdAt(raw);
  for (const entry of list(record(raw, "metadata"), "managedFields")) {
    const at = time(entry, "time");
    if (at !== undefined && at > newest && counts(entry)) newest = at;
  }
  return newest;
}

function isUserWrite(entry: unknown): boolean {
  if (text(entry, "subresource") === "status") return false;
  if (CONTROLLER_MANAGERS.has(text(entry, "manager") ?? "")) return false;
  const owned = record(entry, "fieldsV1");
  if (owned === undefined) return true;
  return (
    Object.keys(owned).some((key) => key !== "f:metadata" && key !== "f:status") || ownsUserAnnotation(owned)
  );
}

function ownsUserAnnotation(owned: object): boolean {
  const keys = record(field(owned, "f:metadata"), "f:annotations") ?? {};
  return Object.keys(keys).some((key) => key.startsWith("f:") && !isControllerAnnotation(key.slice(2)));
}

/** Annotations that only controllers and kubectl write (`gke-ingress-gce`: status and NEG annotations). */
function isControllerAnnotation(key: string): boolean {
  return (
    key.startsWith("ingress.kubernetes.io/") ||
    key === "ingress.gcp.kubernetes.io/instance-groups" ||
    key === "cloud.google.com/neg-status" ||
    key === LAST_APPLIED
  );
}
