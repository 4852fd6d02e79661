import type { BackendConfig, SecretFacts } from "../../model/gke-config.ts";
import { known, mapObserved, type Observed } from "../../model/observed.ts";
import { type ObjectKey, type ObjectRef, objectKey, refKey } from "../../model/refs.ts";
import type { Service } from "../../model/service.ts";
import type { Snapshot } from "../../model/snapshot.ts";

/** The backend that GKE uses where an Ingress names no default backend of its own. */
export const SYSTEM_DEFAULT_BACKEND = {
  namespace: "kube-system",
  service: "default-http-backend",
  port: { name: "http" },
} as const;

/** Key of the Service behind {@link SYSTEM_DEFAULT_BACKEND}. */
export const SYSTEM_DEFAULT_KEY: ObjectKey = objectKey(
  SYSTEM_DEFAULT_BACKEND.namespace,
  SYSTEM_DEFAULT_BACKEND.service,
);

/** The objects that the translation of an Ingress asks for, by `namespace/name`. */
export interface GkeLookup {
  service(key: ObjectKey): Observed<Service | undefined>;
  backendConfig(key: ObjectKey): Observed<BackendConfig | undefined>;
  secret(key: ObjectKey): Observed<SecretFacts | undefined>;
}

/** Answers lookups from the lists of a snapshot; where a name occurs twice, the last object counts. */
export function lookupIn(
  source: Pick<Snapshot, "services" | "systemDefaultBackend" | "backendConfigs" | "secrets">,
): GkeLookup {
  const services = byKey(source.services);
  const backendConfigs = byKey(source.backendConfigs);
  const secrets = byKey(source.secrets);
  return {
    service: (key) => (key === SYSTEM_DEFAULT_KEY ? source.systemDefaultBackend : find(services, key)),
    backendConfig: (key) => find(backendConfigs, key),
    secret: (key) => find(secrets, key),
  };
}

type Index<T> = Observed<ReadonlyMap<ObjectKey, T>>;

function byKey<T extends { readonly ref: ObjectRef }>(list: Observed<readonly T[]>): Index<T> {
  return mapObserved(list, (objects) => new Map(objects.map((object) => [refKey(object.ref), object])));
}

function find<T>(index: Index<T>, key: ObjectKey): Observed<T | undefined> {
  return index.known ? known(index.value.get(key)) : index;
}
