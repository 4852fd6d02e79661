/** Identity of one Kubernetes object, as a finding or an Event names it. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty string for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** Key of a namespaced object inside one kind: `namespace/name`. */
export type ObjectKey = string;

/** Builds the key under which listers and indexes file an object. */
export function objectKey(namespace: string, name: string): ObjectKey {
  return `${namespace}/${name}`;
}

/** Key of the object a reference names. */
export function refKey(ref: ObjectRef): ObjectKey {
  return objectKey(ref.namespace, ref.name);
}

/** String to string map with no prototype, so hostile keys such as `constructor` are plain data. */
export type StringMap = Readonly<Record<string, string>>;

/** Copies the string values of a JSON object into a frozen, prototype-free {@link StringMap}. */
export function stringMap(source: object | undefined | null): StringMap {
  const map: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(source ?? {})) {
    if (typeof value === "string") map[key] = value;
  }
  return Object.freeze(map);
}
