import type { Service, ServicePort } from "../model/service.ts";
import { type BackendConfigNames, parseBackendConfigNames } from "./gke/backend-config-annotation.ts";

/** An entry of the backend-config annotation that names no port of its Service. */
export interface StrayBackendConfig {
  /** Key inside `ports`. */
  readonly key: string;
  /** BackendConfig it names. */
  readonly name: string;
  /** The Service port that was probably meant; undefined where none is likely. */
  readonly port: ServicePort | undefined;
}

/** Entries of the annotation that apply to no port, in order of key; GKE passes over them in silence. */
export function strayBackendConfigs(service: Service): readonly StrayBackendConfig[] {
  const parsed = parseBackendConfigNames(service);
  if (parsed.kind !== "valid") return [];
  const keys = new Set(service.ports.flatMap(({ name, port }) => [name ?? "", String(port)]));
  return [...parsed.value.ports]
    .filter(([key, name]) => !keys.has(key) && name !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, name]) => ({ key, name, port: meantPort(service, parsed.value, key) }));
}

/** A key is often the number of the target port or the node port; the only port needs no key to be meant. */
function meantPort(service: Service, names: BackendConfigNames, key: string): ServicePort | undefined {
  const free = service.ports.filter(
    ({ name, port }) => !names.ports.has(name ?? "") && !names.ports.has(String(port)),
  );
  const byNumber = free.find(({ targetPort, nodePort }) => [targetPort, nodePort].map(String).includes(key));
  return byNumber ?? (service.ports.length === 1 ? free[0] : undefined);
}
