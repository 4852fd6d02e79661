import type { Ingress, IngressBackend, IngressPath } from "../model/ingress.ts";
import { jsonPointer, type PatchStep } from "./kubectl.ts";

/** One path as a manifest writes it. */
export function pathManifest({ path, pathType, backend }: IngressPath): object {
  return {
    ...(path === "" ? {} : { path }),
    pathType: pathType ?? "ImplementationSpecific",
    backend: backendManifest(backend),
  };
}

function backendManifest(backend: IngressBackend): object {
  if (backend.kind === "service") return { service: { name: backend.service, port: backend.port } };
  return { resource: { kind: backend.resourceKind, name: backend.name } };
}

/** A step that refuses a patch unless rule number `ruleIndex` still has its host. */
export function testHost(ingress: Ingress, ruleIndex: number): readonly PatchStep[] {
  const host = ingress.rules[ruleIndex]?.host ?? "";
  if (host === "") return [];
  return [{ op: "test", path: `/spec/rules/${ruleIndex}/host`, value: host }];
}

/** A step that refuses a patch unless `field`, such as `spec.rules[0].http.paths[1]`, still has its path. */
export function testPath(field: string, path: string): readonly PatchStep[] {
  return path === "" ? [] : [{ op: "test", path: jsonPointer(field, "path"), value: path }];
}

/** The member of `field` that names a backend, as a JSON pointer: `.../backend`, or the default backend itself. */
export function backendPointer(field: string, ...members: readonly string[]): string {
  return field === "spec.defaultBackend"
    ? jsonPointer(field, ...members)
    : jsonPointer(field, "backend", ...members);
}
