import type { BackendConfig, BackendConfigHealthCheck } from "../model/gke-config.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Service, ServicePort } from "../model/service.ts";
import type { Fix } from "./finding.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import { BACKEND_CONFIG_ANNOTATIONS, parseBackendConfigNames } from "./gke/backend-config-annotation.ts";
import { annotateFix, type PatchStep, patchFix } from "./kubectl.ts";

/** Part of a BackendConfig's spec, as a manifest writes it. */
export type BackendConfigChange = Readonly<Record<string, object | number | string>>;

/**
 * How to give a backend some BackendConfig settings: a patch of the BackendConfig that applies to it, else the
 * manifest of a new one and the command that names it in the Service's annotation.
 */
export function configureBackendFix(resolved: ResolvedBackend, change: BackendConfigChange): Partial<Fix> {
  const { backendConfig, service, port } = resolved;
  if (backendConfig.kind === "chosen") return changeFix(backendConfig.config, change);
  if (backendConfig.kind !== "none" && backendConfig.kind !== "unmatched") return {};
  const name = `${service.ref.name}-${port.name ?? port.port}`;
  const ref = { ...service.ref, apiVersion: "cloud.google.com/v1", kind: "BackendConfig", name };
  const { command } = nameInAnnotation(service, port, name);
  if (command === undefined) return {};
  return {
    summary: `Apply this BackendConfig, then run the command that makes Service ${service.ref.name} use it.`,
    command,
    patch: manifest(ref, change),
  };
}

/** Sets members of the spec, and those of a health check one by one, so that its other settings stay. */
function changeFix({ ref, healthCheck }: BackendConfig, change: BackendConfigChange): Partial<Fix> {
  const steps = Object.entries(change).flatMap(([member, value]): PatchStep[] => {
    const path = `/spec/${member}`;
    if (member !== "healthCheck" || healthCheck === undefined || typeof value !== "object") {
      return [{ op: "add", path, value }];
    }
    return Object.entries(value).map(([field, one]) => ({ op: "add", path: `${path}/${field}`, value: one }));
  });
  return { ...patchFix(ref, steps), patch: `spec:\n${yamlMembers(change, 1)}` };
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
export function nameInAnnotation(service: Service, { name, port }: ServicePort, backendConfig: string) {
  const parsed = parseBackendConfigNames(service);
  if (parsed.kind === "invalid") return {};
  const key = parsed.kind === "valid" ? parsed.key : BACKEND_CONFIG_ANNOTATIONS[0];
  const written = parsed.kind === "valid" ? parsed.value : undefined;
  if (written === undefined && service.ports.length === 1) {
    return annotateFix(service.ref, { [key]: JSON.stringify({ default: backendConfig }) });
  }
  const ports = new Map(written?.ports ?? []).set(name ?? String(port), backendConfig);
  return annotateFix(service.ref, { [key]: annotationText(written?.default ?? "", ports) });
}

/** The annotation's value for these entries. */
export function annotationText(byDefault: string, ports: ReadonlyMap<string, string>): string {
  return JSON.stringify({
    ...(byDefault === "" ? {} : { default: byDefault }),
    ...(ports.size === 0 ? {} : { ports: Object.fromEntries(ports) }),
  });
}

function manifest({ apiVersion, kind, name, namespace }: ObjectRef, spec: BackendConfigChange): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n${yamlMembers(spec, 1)}`;
}

/** YAML of nested plain members; texts are quoted as JSON, which YAML contains. */
function yamlMembers(members: object, depth: number): string {
  const indent = "  ".repeat(depth);
  return Object.entries(members)
    .map(([key, value]) =>
      typeof value === "object" && value !== null
        ? `${indent}${key}:\n${yamlMembers(value, depth + 1)}`
        : `${indent}${key}: ${JSON.stringify(value)}\n`,
    )
    .join("");
}
