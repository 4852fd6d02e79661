import { app, Cluster, CREATED, httpProbe, nodes, slice } from "./cluster.ts";
import { addNeg, makeNegs, schedule, serve } from "./gke-controllers.ts";
import { leaveFinishedPods, restartedOnce, scaleDown, scaleUp, startRollout } from "./goings-on.ts";
import {
  at,
  backendConfig,
  frontendConfig,
  ingress,
  managedCertificate,
  NODE_PORT,
  secret,
  stack,
  systemDefault,
  TLS,
  tlsSecret,
  to,
  usesConfig,
} from "./manifests.ts";
import type { AnyObject } from "./raw-objects.ts";

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
  {
    name: "no class annotation, unnamed port, no readiness probe",
    applied: () => [
      ingress({ class: "" }),
      ...stack("web", { probe: undefined }, { ports: [{ port: 80, protocol: "TCP", targetPort: 8080 }] }),
    ],
  },
  {
    name: "HTTP/2 backend",
    applied: () => [
      ingress(),
      ...stack(
        "web",
        { port: 8443, portName: "https", probe: httpProbe("/ready", "https", "HTTPS") },
        {
          ports: [{ name: "https", port: 80, protocol: "TCP", targetPort: "https" }],
          annotations: { "cloud.google.com/app-protocols": '{"https":"HTTP2"}' },
        },
      ),
    ],
  },
  {
    name: "canary behind one Service",
    applied: () => [
      ingress(),
      ...stack("web", { labels: { site: "shop" } }, { selector: { site: "shop" } }),
      ...app("web-canary", { replicas: 1, labels: { site: "shop" } }),
    ],
  },
  {
    name: "health port of its own",
    applied: () => [
      ingress(),
      backendConfig("web-bc", { healthCheck: { type: "HTTP", requestPath: "/healthz", port: 9000 } }),
      ...stack(
        "web",
        {
          extraPorts: [{ name: "health", containerPort: 9000, protocol: "TCP" }],
          probe: httpProbe("/healthz", 9000),
        },
        { annotations: usesConfig({ default: "web-bc" }) },
      ),
    ],
  },
  {
    name: "TCP readiness probe",
    applied: () => [
      ingress(),
      ...stack("web", { probe: { tcpSocket: { port: 8080 }, timeoutSeconds: 1, periodSeconds: 10 } }),
    ],
  },
  {
    name: "evicted and completed pods left over",
    applied: () => [ingress(), ...stack()],
    goesOn: leaveFinishedPods,
  },
  { name: "scaling up", applied: () => [ingress(), ...stack("web", { replicas: 4 })], goesOn: scaleUp },
  { name: "restarted hours ago", applied: () => [ingress(), ...stack()], goesOn: restartedOnce },
  {
    name: "terminating pod after scaling down",
    applied: () => [ingress(), ...stack("web", { replicas: 4 })],
    goesOn: scaleDown,
  },
  {
    name: "nginx beside",
    applied: () => [ingress(), ...stack(), ...stack("other", {}, { neg: undefined })],
    goesOn: (cluster) => {
      const rules = [at("other.example.com", ["/", "other"])];
      const foreign = ingress({ name: "other", class: "nginx", rules });
      foreign.status.loadBalancer.ingress = [{ ip: "198.51.100.7" }];
      cluster.add(foreign);
    },
  },
];
