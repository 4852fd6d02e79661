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
  /** What the load balancer speaks to the pods, and by default its health check too. */
  readonly protocol: AppProtocol;
  readonly backendConfig: BackendConfig | undefined;
}

const APP_PROTOCOLS = ["HTTP", "HTTPS", "HTTP2"] as const;
export type AppProtocol = (typeof APP_PROTOCOLS)[number];

export interface Translation {
  readonly backends: readonly Backend[];
  /** Texts of a `Translate` Event, in the order of the manifest; any one of them stops the sync. */
  readonly errors: readonly string[];
}

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const NEG_ANNOTATION = "cloud.google.com/neg";
const BACKEND_CONFIG_ANNOTATION = "cloud.google.com/backend-config";
/** The first one that is set counts; error texts always name the first. */
const APP_PROTOCOL_ANNOTATIONS = [
  "service.alpha.kubernetes.io/app-protocols",
  "cloud.google.com/app-protocols",
] as const;

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
  const errors: string[] = [];
  const resolve = (reference: IngressBackend): Backend[] => {
    try {
      return [resolveBackend(ids, ingress, objects, reference)];
    } catch (error) {
      errors.push((error as Error).message);
      return [];
    }
  };
  // A later rule for a host replaces the earlier one, and within a rule a later path the same path.
  const hosts = new Map<string, Map<string, Backend>>();
  for (const { host = "*", http } of ingress.spec.rules ?? []) {
    if (http === undefined) continue;
    const paths = new Map<string, Backend>();
    for (const { path = "", pathType, backend: reference } of http.paths) {
      const invalid = pathError(path, pathType);
      if (invalid !== undefined) errors.push(invalid);
      else for (const backend of resolve(reference)) addPaths(paths, backend, path, pathType);
    }
    hosts.set(host, paths);
  }
  const { defaultBackend } = ingress.spec;
  const used = [...hosts.values()].flatMap((paths) => [...paths.values()]);
  const all = [...used, ...(defaultBackend === undefined ? [] : resolve(defaultBackend))];
  return { backends: [...new Map(all.map((backend) => [backend.name, backend])).values()], errors };
}

function addPaths(
  paths: Map<string, Backend>,
  backend: Backend,
  path: string,
  pathType: string | undefined,
): void {
  const base = path.replace(/\/$/, "");
  const patterns = pathType === "Prefix" && base !== "" ? [base, `${base}/*`] : [path];
  for (const pattern of patterns) paths.set(pattern, backend);
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
    protocol: protocolOf(service, port),
    backendConfig: resolveBackendConfig(objects, service, port, portText),
  };
}

/** Keys of the annotation are port names; a number there is valid and does nothing. */
function protocolOf(service: Service, port: ServicePort): AppProtocol {
  const text = APP_PROTOCOL_ANNOTATIONS.map((key) => annotation(service, key)).find(
    (one) => one !== undefined,
  );
  const protocols = parseJson<Record<string, string>>(text) ?? {};
  const invalid = Object.values(protocols).find((one) => !isAppProtocol(one));
  if (invalid !== undefined) {
    const id = `${service.metadata.namespace}/${service.metadata.name}`;
    const what = `could not parse "${APP_PROTOCOL_ANNOTATIONS[0]}" annotation on service "${id}"`;
    throw new Error(`${what}, err: invalid port application protocol: ${invalid}`);
  }
  const protocol = protocols[port.name ?? ""];
  return protocol !== undefined && isAppProtocol(protocol) ? protocol : "HTTP";
}

function isAppProtocol(text: string): text is AppProtocol {
  return APP_PROTOCOLS.some((known) => known === text);
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
