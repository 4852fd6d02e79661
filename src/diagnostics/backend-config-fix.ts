import type { BackendConfig, BackendConfigHealthCheck } from "../model/gke-config.ts";
import type { Service, ServicePort } from "../model/service.ts";
import type { Fix, Subject } from "./finding.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import { BACKEND_CONFIG_ANNOTATIONS, parseBackendConfigNames } from "./gke/backend-config-annotation.ts";
import { annotateFix, applyFix, mergeFix, patchFix } from "./kubectl.ts";

/** What a finding blames for a setting that a BackendConfig may hold, and how to change it. */
export interface ConfigurablePlace {
  readonly subject: Subject;
  readonly fix: Partial<Fix>;
}

/**
 * Where to put a BackendConfig setting of a backend, and how: a patch of the BackendConfig that applies to it, else
 * a command that makes a new one and names it in the Service's annotation.
 *
 * @param field JSON path of the setting inside a BackendConfig
 * @param change the part of the spec to set; undefined where it is not known, and there is no command then
 */
export function configurablePlace(
  resolved: ResolvedBackend,
  field: string,
  change: object | undefined,
): ConfigurablePlace {
  const { backendConfig, service } = resolved;
  if (backendConfig.kind !== "chosen") {
    return { subject: service.ref, fix: change === undefined ? {} : newConfigFix(resolved, change) };
  }
  const { ref } = backendConfig.config;
  const fix = change === undefined ? {} : mergeFix(ref, { spec: change });
  return { subject: { ...ref, fieldPath: field }, fix };
}

/** The manifest comes first: an annotation that names nothing stops the whole Ingress. */
function newConfigFix({ backendConfig, service, port }: ResolvedBackend, spec: object): Partial<Fix> {
  if (backendConfig.kind !== "none" && backendConfig.kind !== "unmatched") return {};
  const { namespace } = service.ref;
  const name = `${service.ref.name}-${port.name || port.port}`;
  const manifest = {
    apiVersion: "cloud.google.com/v1",
    kind: "BackendConfig",
    metadata: { name, namespace },
    spec,
  };
  const fix = applyFix(manifest, nameInAnnotation(service, port, name));
  if (fix.command === undefined) return {};
  return { summary: `Make BackendConfig ${name} and let Service ${service.ref.name} use it.`, ...fix };
}

/** Takes one field out of a health check, provided that it still has the value that was judged. */
export function removeHealthCheckFieldFix(
  { ref, healthCheck }: BackendConfig,
  field: keyof BackendConfigHealthCheck,
): Partial<Fix> {
  const path = `/spec/healthCheck/${field}`;
  return patchFix(ref, [
    { op: "test", path, value: healthCheck?.[field] },
    { op: "remove", path },
  ]);
}

/** Makes the annotation of a Service name a BackendConfig for one port, and keeps its other entries. */
function nameInAnnotation(
  service: Service,
  { name, port }: ServicePort,
  backendConfig: string,
): Partial<Fix> {
  const parsed = parseBackendConfigNames(service);
  if (parsed.kind === "invalid") return {};
  if (parsed.kind === "absent" && service.ports.length === 1) {
    return annotateFix(service.ref, {
      [BACKEND_CONFIG_ANNOTATIONS[0]]: JSON.stringify({ default: backendConfig }),
    });
  }
  const key = parsed.kind === "valid" ? parsed.key : BACKEND_CONFIG_ANNOTATIONS[0];
  const written = parsed.kind === "valid" ? parsed.value : undefined;
  const ports = new Map(written?.ports ?? []).set(name || String(port), backendConfig);
  return annotateFix(service.ref, { [key]: annotationText(written?.default ?? "", ports) });
}

/** The annotation's value for these entries. */
export function annotationText(byDefault: string, ports: ReadonlyMap<string, string>): string {
  return JSON.stringify({
    ...(byDefault === "" ? {} : { default: byDefault }),
    ...(ports.size === 0 ? {} : { ports: Object.fromEntries(ports) }),
  });
}
