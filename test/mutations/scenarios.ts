import { SHOP_CERTIFICATE } from "./certificates.ts";
import {
  type AppOptions,
  app,
  Cluster,
  CREATED,
  condition,
  GATE,
  httpProbe,
  MINUTE,
  metadata,
  nodes,
  readyPod,
  type ServiceOptions,
  service,
  slice,
  stamp,
} from "./cluster.ts";
import { addNeg, makeNegs, schedule, serve } from "./gke-controllers.ts";
import type {
  AnyObject,
  BackendConfig,
  FrontendConfig,
  HostRule,
  Ingress,
  ManagedCertificate,
  Secret,
} from "./raw-objects.ts";

/** A healthy cluster that people really run. */
export interface Scenario {
  readonly name: string;
  /** What a person applied. */
  readonly applied: () => readonly AnyObject[];
  /** What is going on in it at `now`, in epoch milliseconds. */
  readonly goesOn?: (cluster: Cluster, now: number) => void;
}

/** The cluster of a scenario at `now`, after GKE's controllers have done their work. */
export function built(scenario: Scenario, now: number): Cluster {
  const cluster = new Cluster();
  cluster.add(...structuredClone([...nodes(), ...systemDefault(), ...scenario.applied()]));
  slice(cluster);
  schedule(cluster, CREATED);
  makeNegs(cluster, CREATED + 5000);
  for (const one of cluster.all("Ingress")) serve(cluster, one, CREATED + 30_000);
  scenario.goesOn?.(cluster, now);
  return cluster;
}

function systemDefault(): AnyObject[] {
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

function ingress({
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

function stack(name = "web", appOptions: AppOptions = {}, serviceOptions: ServiceOptions = {}): AnyObject[] {
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

function tlsSecret(name = "web-tls"): Secret {
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

function managedCertificate(name: string): ManagedCertificate {
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

const usesConfig = (value: object) => ({ "cloud.google.com/backend-config": JSON.stringify(value) });
const NODE_PORT: ServiceOptions = { type: "NodePort", neg: undefined };
const TLS = [{ hosts: ["shop.example.com"], secretName: "web-tls" }];

export const SCENARIOS: readonly Scenario[] = [
  { name: "external-neg", applied: () => [ingress(), ...stack()] },
  {
    name: "node-port",
    applied: () => [
      ingress({ rules: [at("shop.example.com", ["/*", "web", "ImplementationSpecific"])] }),
      ...stack("web", { gates: false }, NODE_PORT),
    ],
  },
  { name: "internal", applied: () => [ingress({ class: "gce-internal" }), ...stack()] },
  {
    name: "multi-host",
    applied: () => [
      ingress({
        rules: [
          at("shop.example.com", ["/", "web"], ["/api", "api"]),
          at("api.example.com", ["/", "api"]),
          at("img.example.com", ["/static", "img"], ["/", "web"]),
        ],
      }),
      ...stack(),
      ...stack("api"),
      ...stack("img"),
    ],
  },
  {
    name: "multi-port",
    applied: () => [
      ingress({ rules: [at("shop.example.com", ["/", "web"], ["/admin", "web", "Prefix", "admin"])] }),
      ...stack(
        "web",
        { extraPorts: [{ name: "admin", containerPort: 9090, protocol: "TCP" }] },
        {
          annotations: usesConfig({ ports: { http: "web-bc", "9090": "admin-bc" } }),
          ports: [
            { name: "http", port: 80, protocol: "TCP", targetPort: "http" },
            { name: "admin", port: 9090, protocol: "TCP", targetPort: "admin" },
          ],
        },
      ),
      backendConfig("web-bc", { healthCheck: { type: "HTTP", requestPath: "/ready" } }),
      backendConfig("admin-bc", {
        healthCheck: { type: "HTTP", requestPath: "/admin/ready" },
        timeoutSec: 60,
      }),
    ],
  },
  { name: "tls-secret", applied: () => [ingress({ tls: TLS }), tlsSecret(), ...stack()] },
  {
    name: "managed-certificate",
    applied: () => [
      ingress({
        annotations: {
          "networking.gke.io/managed-certificates": "web-cert",
          "ingress.gcp.kubernetes.io/pre-shared-cert": "mcrt-5b8a4c7e-0f0d-4c6b-9d0e-2a8a9c1c8a11",
        },
      }),
      managedCertificate("web-cert"),
      ...stack(),
    ],
  },
  {
    name: "redirect-to-https",
    applied: () => [
      ingress({ tls: TLS, annotations: { "networking.gke.io/v1beta1.FrontendConfig": "web-fc" } }),
      frontendConfig("web-fc", {
        redirectToHttps: { enabled: true, responseCodeName: "MOVED_PERMANENTLY_DEFAULT" },
        sslPolicy: "modern",
      }),
      tlsSecret(),
      ...stack(),
    ],
  },
  {
    name: "own-default-backend",
    applied: () => [ingress({ defaultBackend: to("fallback") }), ...stack(), ...stack("fallback")],
  },
  {
    name: "default-backend-only",
    applied: () => [ingress({ rules: [], defaultBackend: to("web") }), ...stack()],
  },
  {
    name: "cdn",
    applied: () => [
      ingress(),
      backendConfig("web-bc", {
        cdn: { enabled: true, signedUrlKeys: [{ keyName: "key-1", secretName: "cdn-key" }] },
      }),
      secret("cdn-key", { key_value: "redacted" }),
      ...stack("web", {}, { annotations: usesConfig({ default: "web-bc" }) }),
    ],
  },
  {
    name: "iap",
    applied: () => [
      ingress({ tls: TLS }),
      tlsSecret(),
      backendConfig("web-bc", {
        iap: { enabled: true, oauthclientCredentials: { secretName: "iap-oauth" } },
      }),
      secret("iap-oauth", { client_id: "redacted", client_secret: "redacted" }),
      ...stack("web", {}, { annotations: usesConfig({ default: "web-bc" }) }),
    ],
  },
  {
    name: "cloud-armor",
    applied: () => [
      ingress(),
      backendConfig("web-bc", {
        securityPolicy: { name: "edge-armor" },
        connectionDraining: { drainingTimeoutSec: 60 },
        healthCheck: { requestPath: "/ready", checkIntervalSec: 15, timeoutSec: 5 },
      }),
      ...stack("web", {}, { annotations: usesConfig({ default: "web-bc" }) }),
    ],
  },
  {
    name: "no-gates-named-port",
    applied: () => [
      ingress({ rules: [at("shop.example.com", ["/", "web", "Prefix", "http"])] }),
      ...stack("web", { gates: false, portName: "http", port: 3000 }),
    ],
  },
  { name: "twelve-pods", applied: () => [ingress(), ...stack("web", { replicas: 12 })] },
  { name: "stateful-set", applied: () => [ingress(), ...stack("web", { kind: "StatefulSet" })] },
  {
    name: "shared-service",
    applied: () => [
      ingress(),
      ingress({ name: "partner", rules: [at("partner.example.com", ["/", "web"])] }),
      ...stack(),
    ],
  },
  {
    name: "headless-neg",
    applied: () => [
      ingress(),
      ...stack(
        "web",
        {},
        { headless: true, ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: 8080 }] },
      ),
    ],
  },
  { name: "catch-all-host", applied: () => [ingress({ rules: [at(undefined, ["/", "web"])] }), ...stack()] },
  {
    name: "wildcard-and-apex",
    applied: () => [
      ingress({ rules: [at("*.shop.example.com", ["/", "web"]), at("shop.example.com", ["/", "web"])] }),
      ...stack(),
    ],
  },
  {
    name: "https-backend",
    applied: () => [
      ingress(),
      ...stack(
        "web",
        { port: 8443, portName: "https", probe: httpProbe("/ready", "https", "HTTPS") },
        {
          ports: [{ name: "https", port: 80, protocol: "TCP", targetPort: "https" }],
          annotations: { "cloud.google.com/app-protocols": '{"https":"HTTPS"}' },
        },
      ),
    ],
  },
  {
    name: "https-only-static-ip",
    applied: () => [
      ingress({
        tls: TLS,
        annotations: {
          "kubernetes.io/ingress.allow-http": "false",
          "kubernetes.io/ingress.global-static-ip-name": "web-ip",
        },
      }),
      tlsSecret(),
      ...stack(),
    ],
  },
  {
    name: "pre-shared-certificate",
    applied: () => [
      ingress({ annotations: { "ingress.gcp.kubernetes.io/pre-shared-cert": "corp-wildcard" } }),
      ...stack(),
    ],
  },
  {
    name: "internal-tls-static-ip",
    applied: () => [
      ingress({
        class: "gce-internal",
        tls: TLS,
        annotations: { "kubernetes.io/ingress.regional-static-ip-name": "web-internal-ip" },
      }),
      tlsSecret(),
      ...stack(),
    ],
  },
  {
    name: "node-port-with-neg",
    applied: () => [ingress(), ...stack("web", {}, { type: "NodePort" })],
  },
  {
    name: "load-balancer-service",
    applied: () => [ingress(), ...stack("web", { gates: false }, { type: "LoadBalancer", neg: undefined })],
  },
  {
    name: "exact-paths",
    applied: () => [
      ingress({
        rules: [
          at(
            "shop.example.com",
            ["/login", "auth", "Exact"],
            ["/app", "web", "ImplementationSpecific"],
            ["/app/*", "web", "ImplementationSpecific"],
            ["/*", "web", "ImplementationSpecific"],
          ),
        ],
      }),
      ...stack(),
      ...stack("auth"),
    ],
  },
  {
    name: "rollout",
    applied: () => [ingress(), ...stack("web", { replicas: 4 })],
    goesOn: startRollout,
  },
  {
    name: "standalone-neg-beside",
    applied: () => [
      ingress(),
      ...stack(),
      ...stack("mesh", {}, { neg: { exposed_ports: { "80": { name: "mesh-neg" } } } }),
    ],
    goesOn: (cluster) =>
      addNeg(cluster, { service: cluster.get("Service", "mesh"), port: 80, name: "mesh-neg" }, CREATED),
  },
];

/** A Deployment of four in the middle of its rollout: one new pod waits for the load balancer. */
function startRollout(cluster: Cluster, now: number): void {
  const begin = now - MINUTE;
  const deployment = cluster.get("Deployment", "web");
  const fresh = readyPod(
    "web-7f6d8c9b4-q8w2z",
    1,
    {
      spec: deployment.spec.template.spec,
      labels: { app: "web", "pod-template-hash": "7f6d8c9b4" },
      owner: { kind: "ReplicaSet", name: "web-7f6d8c9b4" },
    },
    begin,
  );
  const message = "Waiting for pod to become healthy in at least one of the NEG(s): [x]";
  fresh.status.conditions = [
    condition("PodScheduled", "True", begin),
    condition("Initialized", "True", begin),
    condition("ContainersReady", "True", begin),
    condition("Ready", "False", begin, "ReadinessGatesNotReady"),
    { ...condition(GATE, "", null, "LoadBalancerNegNotReady"), message },
  ];
  cluster.add(fresh);
  Object.assign(deployment.status, { replicas: 5, updatedReplicas: 1, unavailableReplicas: 1 });
  deployment.status.conditions = [
    condition("Available", "True", CREATED, "MinimumReplicasAvailable"),
    condition("Progressing", "True", begin, "ReplicaSetUpdated"),
  ];
  slice(cluster);
}
