import { SHOP_CERTIFICATE } from "./certificates.ts";
import {
  type AppOptions,
  app,
  CREATED,
  MINUTE,
  metadata,
  type ServiceOptions,
  service,
  stamp,
} from "./cluster.ts";
import type {
  AnyObject,
  BackendConfig,
  FrontendConfig,
  HostRule,
  Ingress,
  ManagedCertificate,
  Secret,
} from "./raw-objects.ts";

export function systemDefault(): AnyObject[] {
  const [workload, ...pods] = app("default-http-backend", { gates: false, replicas: 1 });
  const own = service("default-http-backend", { type: "NodePort", selector: { "k8s-app": "glbc" } });
  const objects = [own, ...(workload === undefined ? [] : [workload]), ...pods];
  for (const object of objects) {
    object.metadata.namespace = "kube-system";
    object.metadata.labels = { "k8s-app": "glbc" };
  }
  return objects;
}

export function to(name: string, port: number | string = 80) {
  return { service: { name, port: typeof port === "number" ? { number: port } : { name: port } } };
}

export function at(
  host: string | undefined,
  ...paths: readonly [string, string, string?, (number | string)?][]
): HostRule {
  return {
    ...(host === undefined ? {} : { host }),
    http: {
      paths: paths.map(([path, name, pathType = "Prefix", port = 80]) => ({
        path,
        pathType,
        backend: to(name, port),
      })),
    },
  };
}

interface IngressOptions extends Partial<Ingress["spec"]> {
  readonly name?: string;
  readonly class?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function ingress({
  name = "web",
  annotations,
  class: className = "gce",
  ...spec
}: IngressOptions = {}): Ingress {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metadata("Ingress", name, CREATED, {
      annotations: { "kubernetes.io/ingress.class": className, ...annotations },
    }),
    spec: { rules: [at("shop.example.com", ["/", "web"])], ...spec },
    status: { loadBalancer: {} },
  };
}

export function stack(
  name = "web",
  appOptions: AppOptions = {},
  serviceOptions: ServiceOptions = {},
): AnyObject[] {
  return [...app(name, appOptions), service(name, serviceOptions)];
}

export function secret(name: string, data: Record<string, string>, type = "Opaque"): Secret {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata("Secret", name, CREATED),
    type,
    data: Object.fromEntries(encoded),
  };
}

export function tlsSecret(name = "web-tls"): Secret {
  return secret(name, { "tls.crt": SHOP_CERTIFICATE, "tls.key": "redacted" }, "kubernetes.io/tls");
}

export function backendConfig(name: string, spec: BackendConfig["spec"]): BackendConfig {
  return {
    apiVersion: "cloud.google.com/v1",
    kind: "BackendConfig",
    metadata: metadata("BackendConfig", name, CREATED),
    spec,
  };
}

export function frontendConfig(name: string, spec: FrontendConfig["spec"]): FrontendConfig {
  return {
    apiVersion: "networking.gke.io/v1beta1",
    kind: "FrontendConfig",
    metadata: metadata("FrontendConfig", name, CREATED),
    spec,
  };
}

export function managedCertificate(name: string): ManagedCertificate {
  return {
    apiVersion: "networking.gke.io/v1",
    kind: "ManagedCertificate",
    metadata: metadata("ManagedCertificate", name, CREATED),
    spec: { domains: ["shop.example.com"] },
    status: {
      certificateStatus: "Active",
      certificateName: "mcrt-5b8a4c7e-0f0d-4c6b-9d0e-2a8a9c1c8a11",
      expireTime: stamp(CREATED + 80 * 24 * 60 * MINUTE),
      domainStatus: [{ domain: "shop.example.com", status: "Active" }],
    },
  };
}

export const usesConfig = (value: object) => ({ "cloud.google.com/backend-config": JSON.stringify(value) });
export const NODE_PORT: ServiceOptions = { type: "NodePort", neg: undefined };
export const TLS = [{ hosts: ["shop.example.com"], secretName: "web-tls" }];
