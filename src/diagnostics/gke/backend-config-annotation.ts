import type { Service, ServicePort } from "../../model/service.ts";
import { type Parsed, parseJsonAnnotation } from "./annotation-value.ts";
import { goMap, goString, goStruct } from "./go-decode.ts";

/** Annotations that name BackendConfigs, in the order in which the controller looks for them. */
export const BACKEND_CONFIG_ANNOTATIONS = [
  "cloud.google.com/backend-config",
  "beta.cloud.google.com/backend-config",
] as const;

/** What the annotation says: names of BackendConfigs in the Service's namespace. */
export interface BackendConfigNames {
  /** For every port that `ports` does not name; empty when absent. */
  readonly default: string;
  /** Service port name or number, as text, to BackendConfig name. */
  readonly ports: ReadonlyMap<string, string>;
}

/** Which entry of the annotation applies to a port. */
export interface BackendConfigEntry {
  readonly by: "port-name" | "port-number" | "default";
  /** Key inside `ports`; `default` for the default. */
  readonly key: string;
  /** BackendConfig it names; may be empty. */
  readonly name: string;
}

const backendConfigNames = goStruct<BackendConfigNames>({
  default: { name: "default", decode: goString },
  ports: { name: "ports", decode: goMap(goString, "") },
});

/** Reads the backend-config annotation; the beta key counts only where the GA key is absent. */
export function parseBackendConfigNames(service: Service): Parsed<BackendConfigNames> {
  return parseJsonAnnotation(service.annotations, {
    keys: BACKEND_CONFIG_ANNOTATIONS,
    decode: backendConfigNames,
    zero: { default: "", ports: new Map() },
  });
}

/**
 * The entry that applies to a port: its name, else its number, else the default; undefined if none does.
 *
 * Source: `BackendConfigName` in pkg/backendconfig/utils.go of ingress-gce.
 */
export function backendConfigEntry(
  names: BackendConfigNames,
  port: ServicePort,
): BackendConfigEntry | undefined {
  const keys = [
    { by: "port-name", key: port.name ?? "" },
    { by: "port-number", key: String(port.port) },
  ] as const;
  for (const { by, key } of keys) {
    const name = names.ports.get(key);
    if (name !== undefined) return { by, key, name };
  }
  return names.default === "" ? undefined : { by: "default", key: "default", name: names.default };
}
