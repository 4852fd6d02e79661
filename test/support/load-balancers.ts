import type {
  BackendService,
  EndpointHealth,
  Firewall,
  ForwardingRule,
  HealthCheck,
  InstanceGroup,
  LoadBalancer,
  NetworkEndpointGroup,
} from "../../src/model/load-balancer.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { LONG_AGO, NOW, negName, nodePortService, snapshot } from "./builders.ts";

/** Health of endpoint number `index` of Service `web`, in zone us-central1-a. */
export function health(index: number, changes: Partial<EndpointHealth> = {}): EndpointHealth {
  return {
    address: `10.4.0.${index}`,
    port: 8080,
    state: "HEALTHY",
    zone: "us-central1-a",
    instance: "node-a",
    ...changes,
  };
}

/** Backend service of Service `web` port 80: one NEG, two healthy endpoints. */
export function backendService(changes: Partial<BackendService> = {}): BackendService {
  return {
    name: negName("web"),
    scope: "global",
    createdAt: LONG_AGO,
    serviceKey: "shop/web",
    protocol: "HTTP",
    scheme: "EXTERNAL",
    timeoutSec: 30,
    drainingTimeoutSec: 0,
    sessionAffinity: "NONE",
    cdnEnabled: false,
    iapEnabled: false,
    groups: [
      { kind: "neg", name: negName("web"), zone: "us-central1-a", balancingMode: "RATE", capacityScaler: 1 },
    ],
    healthChecks: [negName("web")],
    health: known([health(1), health(2)]),
    ...changes,
  };
}

/** Health check of Service `web`: GET / on the serving port. */
export function healthCheck(changes: Partial<HealthCheck> = {}): HealthCheck {
  return {
    name: negName("web"),
    createdAt: LONG_AGO,
    description: "",
    type: "HTTP",
    requestPath: "/",
    host: "",
    checkIntervalSec: 15,
    timeoutSec: 15,
    healthyThreshold: 1,
    unhealthyThreshold: 2,
    ...changes,
  };
}

/** NEG of Service `web` with its two endpoints. */
export function neg(...addresses: readonly string[]): NetworkEndpointGroup {
  return {
    name: negName("web"),
    zone: "us-central1-a",
    description: "",
    createdAt: LONG_AGO,
    endpoints: known(addresses.map((address) => ({ address, port: 8080 }))),
  };
}

/** The forwarding rule of Ingress `web` for port 80. */
export function forwardingRule(changes: Partial<ForwardingRule> = {}): ForwardingRule {
  return {
    name: "k8s2-fr-x-shop-web-y",
    scope: "global",
    address: "203.0.113.10",
    port: 80,
    target: "k8s2-tp-x-shop-web-y",
    scheme: "EXTERNAL",
    createdAt: LONG_AGO,
    allowGlobalAccess: false,
    ...changes,
  };
}

/** The rule GKE makes: Google's ranges to the node ports and to 8080. */
export function firewall(changes: Partial<Firewall> = {}): Firewall {
  return {
    name: "k8s-fw-l7--7c1e09d2",
    network: "default",
    description: "GCE L7 firewall rule",
    priority: 1000,
    disabled: false,
    action: "allow",
    sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
    targetTags: ["gke-node"],
    targetServiceAccounts: [],
    rules: [{ protocol: "tcp", ports: ["30000-32767", "8080"] }],
    ...changes,
  };
}

/** The live load balancer of the healthy snapshot. */
export function loadBalancer(changes: Partial<LoadBalancer> = {}): LoadBalancer {
  return {
    readAt: NOW,
    project: "demo-project",
    forwardingRules: known([forwardingRule()]),
    targetProxies: known([
      { name: "k8s2-tp-x-shop-web-y", protocol: "HTTP", urlMap: "k8s2-um-x-shop-web-y", certificates: [] },
    ]),
    urlMaps: known([
      {
        name: "k8s2-um-x-shop-web-y",
        defaultService: "default",
        redirectsToHttps: false,
        createdAt: LONG_AGO,
        hosts: [
          {
            host: "shop.example.com",
            paths: [{ path: "/*", service: negName("web") }],
            defaultService: "default",
          },
        ],
      },
    ]),
    backendServices: known([backendService()]),
    healthChecks: known([healthCheck()]),
    negs: known([neg("10.4.0.1", "10.4.0.2")]),
    instanceGroups: known([]),
    certificates: known([]),
    addresses: known([]),
    rivals: known([]),
    firewalls: known([firewall()]),
    subnetworks: known([]),
    quotas: known([]),
    sslPolicies: known([]),
    ...changes,
  };
}

/** The healthy snapshot with its live load balancer, `changes` in the latter. */
export function live(changes: Partial<LoadBalancer> = {}, more: Partial<Snapshot> = {}): Snapshot {
  return snapshot({ loadBalancer: known(loadBalancer(changes)), ...more });
}

/** Instance group of zone us-central1-a with one node and the named port of node port 30080. */
export function instanceGroup(changes: Partial<InstanceGroup> = {}): InstanceGroup {
  return {
    name: "k8s-ig--7c1e09d2",
    zone: "us-central1-a",
    size: 1,
    namedPorts: [{ name: "port30080", port: 30080 }],
    ...changes,
  };
}

/** Backend service of NodePort Service `web`: one instance group a zone, and the health of its nodes. */
export function nodeBackendService(
  nodes: readonly Partial<EndpointHealth>[] = [{}],
  zones: readonly string[] = ["us-central1-a"],
): BackendService {
  const name = "k8s-be-30080--7c1e09d2";
  return backendService({
    name,
    portName: "port30080",
    healthChecks: [name],
    groups: zones.map((zone) => ({
      kind: "instance-group",
      name: "k8s-ig--7c1e09d2",
      zone,
      balancingMode: "RATE",
      capacityScaler: 1,
    })),
    health: known(nodes.map((node) => health(0, { address: "10.128.0.2", port: 30080, ...node }))),
  });
}

/** A snapshot whose only Service is of type NodePort and served by instance groups. */
export function liveNodes(changes: Partial<LoadBalancer> = {}, more: Partial<Snapshot> = {}): Snapshot {
  return live(
    {
      backendServices: known([nodeBackendService()]),
      instanceGroups: known([instanceGroup()]),
      negs: known([]),
      ...changes,
    },
    { services: known([nodePortService()]), serviceNegs: known([]), ...more },
  );
}

/** Unhealthy for Google: both endpoints of Service `web`. */
export const ALL_UNHEALTHY = known([
  backendService({ health: known([health(1, { state: "UNHEALTHY" }), health(2, { state: "UNHEALTHY" })]) }),
]);
