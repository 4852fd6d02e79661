import { type ClusterIds, instanceGroupBackendName, negName } from "./names.ts";
import {
  annotation,
  type BackendConfig,
  byName,
  type Ingress,
  type IngressBackend,
  type NamespaceObjects,
  type Service,
  type ServicePort,
} from "./objects.ts";

/** One backend service of the load balancer. */
export interface Backend {
  /** Name of the backend service and of its health check; with NEGs also of those. */
  readonly name: string;
  readonly usesNeg: boolean;
  readonly service: Service;
  readonly port: ServicePort;
  readonly backendConfig: BackendConfig | undefined;
}

export interface Translation {
  readonly backends: readonly Backend[];
  /** Texts of a `Translate` Event, in the order of the manifest; any one of them stops the sync. */
  readonly errors: readonly string[];
}

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const NEG_ANNOTATION = "cloud.google.com/neg";
const BACKEND_CONFIG_ANNOTATION = "cloud.google.com/backend-config";

/** Value of the NEG annotation; undefined when absent or not JSON, which the Ingress side treats alike. */
export interface NegAnnotation {
  readonly ingress?: boolean;
  readonly exposed_ports?: Readonly<Record<string, { readonly name?: string }>>;
}

/** Whether GKE's controller takes the Ingress: by annotation only, never by `spec.ingressClassName`. */
export function isGceIngress(ingress: Ingress): boolean {
  const name = annotation(ingress, CLASS_ANNOTATION) ?? "";
  if (name === "") return ingress.spec.ingressClassName === undefined;
  return name === "gce" || name === "gce-internal";
}

export function isInternal(ingress: Ingress): boolean {
  return annotation(ingress, CLASS_ANNOTATION) === "gce-internal";
}

export function negAnnotationOf(service: Service): NegAnnotation | undefined {
  return parseJson(annotation(service, NEG_ANNOTATION));
}

/** Whether the Service carries a NEG annotation that is not a JSON object. */
export function hasInvalidNegAnnotation(service: Service): boolean {
  return annotation(service, NEG_ANNOTATION) !== undefined && negAnnotationOf(service) === undefined;
}

/** What the controller would build for the Ingress, or the errors that stop it. */
export function translate(ids: ClusterIds, ingress: Ingress, objects: NamespaceObjects): Translation {
  const backends = new Map<string, Backend>();
  const errors: string[] = [];
  const resolve = (reference: IngressBackend) => {
    try {
      const backend = resolveBackend(ids, ingress, objects, reference);
      backends.set(backend.name, backend);
    } catch (error) {
      errors.push((error as Error).message);
    }
  };
  for (const { path, pathType, backend } of (ingress.spec.rules ?? []).flatMap(
    (rule) => rule.http?.paths ?? [],
  )) {
    const invalid = pathError(path ?? "", pathType);
    if (invalid === undefined) resolve(backend);
    else errors.push(invalid);
  }
  if (ingress.spec.defaultBackend !== undefined) resolve(ingress.spec.defaultBackend);
  return { backends: [...backends.values()], errors };
}

/** Service ports that the Ingress names, whether or not the rest of it can be translated. */
export function referencedPorts(ingress: Ingress, objects: NamespaceObjects): ServicePort[] {
  return backendReferences(ingress).flatMap(({ service: reference }) => {
    const service = byName(objects.services, reference?.name ?? "");
    const port = service === undefined ? undefined : findPort(service, reference?.port ?? {});
    return port === undefined ? [] : [port];
  });
}

function backendReferences(ingress: Ingress): IngressBackend[] {
  const paths = (ingress.spec.rules ?? []).flatMap((rule) => rule.http?.paths ?? []);
  const { defaultBackend } = ingress.spec;
  return [...paths.map((path) => path.backend), ...(defaultBackend === undefined ? [] : [defaultBackend])];
}

function findPort(service: Service, wanted: { name?: string; number?: number }): ServicePort | undefined {
  return service.spec.ports.find((port) =>
    wanted.name === undefined ? port.port === wanted.number : port.name === wanted.name,
  );
}

function pathError(path: string, pathType: string | undefined): string | undefined {
  if (pathType !== "Prefix" && pathType !== "Exact") return undefined;
  const type = pathType.toLowerCase();
  if (path === "") return `failed to validate ${type} path type due to empty path`;
  return path.includes("*") ? `failed to validate ${type} path ${path} due to invalid wildcard` : undefined;
}

/** Throws an Error with the controller's text when the reference leads nowhere. */
function resolveBackend(
  ids: ClusterIds,
  ingress: Ingress,
  objects: NamespaceObjects,
  reference: IngressBackend,
): Backend {
  if (reference.service === undefined) throw new Error("Ingress Backend is not a service");
  const { name, port: wanted } = reference.service;
  const id = `${objects.namespace}/${name}`;
  const portText = `&ServiceBackendPort{Name:${wanted.name ?? ""},Number:${wanted.number ?? 0},}`;

  const service = byName(objects.services, name);
  if (service === undefined) throw new Error(`could not find service "${id}"`);
  const port = findPort(service, wanted);
  if (port === undefined) throw new Error(`could not find port "${portText}" in service "${id}"`);

  const asksForNeg = negAnnotationOf(service)?.ingress === true;
  const { type } = service.spec;
  if (!asksForNeg && type !== "NodePort" && type !== "LoadBalancer") {
    const expected = 'expected "NodePort" or "LoadBalancer" when not using NEGs';
    throw new Error(`service "${id}" is type "${type}", ${expected}`);
  }
  const usesNeg = asksForNeg || isInternal(ingress);
  return {
    name: usesNeg
      ? negName(ids, objects.namespace, name, port.port)
      : instanceGroupBackendName(ids, port.nodePort ?? 0),
    usesNeg,
    service,
    port,
    backendConfig: resolveBackendConfig(objects, service, port, portText),
  };
}

function resolveBackendConfig(
  objects: NamespaceObjects,
  service: Service,
  port: ServicePort,
  portText: string,
): BackendConfig | undefined {
  const text = annotation(service, BACKEND_CONFIG_ANNOTATION);
  if (text === undefined) return undefined;
  const fail = (reason: string) => {
    const id = `${objects.namespace}/${service.metadata.name}`;
    return new Error(`error getting BackendConfig for port "${portText}" on service "${id}", err: ${reason}`);
  };
  const value = parseJson<{ default?: string; ports?: Record<string, string> }>(text);
  if (value === undefined) throw fail("BackendConfig annotation is invalid json");
  const { default: fallback, ports = {} } = value;
  if (fallback === undefined && Object.keys(ports).length === 0) {
    throw fail("no BackendConfig's found in annotation");
  }
  const name = ports[port.name ?? ""] ?? ports[String(port.port)] ?? fallback;
  if (name === undefined) return undefined;
  const found = byName(objects.backendConfigs, name);
  if (found === undefined) throw fail("no BackendConfig for service port exists.");
  return found;
}

function parseJson<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
