import type { Resource, Resources } from "../simulator/compute-api/resources.ts";
import { selfLinkOf } from "../simulator/compute-api/resources.ts";

/** Project of every resource that tests make. */
export const PROJECT = "lab-project";

/** A resource in the global collection or, with `scope`, in e.g. `regions/us-central1`. */
export function resource(collection: string, name: string, fields: object = {}, scope = "global"): Resource {
  return { name, selfLink: selfLinkOf(`projects/${PROJECT}/${scope}/${collection}/${name}`), ...fields };
}

/** URL of a global resource. */
export function link(collection: string, name: string, scope = "global"): string {
  return resource(collection, name, {}, scope).selfLink;
}

/** Name of everything that serves number `index` of a set of Services. */
export function builtName(index: number): string {
  return `k8s1-lab-shop-web-${index}`;
}

/** Puts what GKE builds for Service `shop/web-<index>`: backend service, health check, one NEG a zone, endpoints. */
export function putBackend(
  resources: Resources,
  index: number,
  { zones = ["us-central1-a"], state = "HEALTHY" }: { zones?: readonly string[]; state?: string } = {},
): void {
  const name = builtName(index);
  resources.put(resource("healthChecks", name, { type: "HTTP", httpHealthCheck: { requestPath: "/" } }));
  const groupIn = (zone: string) => link("networkEndpointGroups", name, `zones/${zone}`);
  resources.put(
    resource("backendServices", name, {
      description: JSON.stringify({ "kubernetes.io/service-name": `shop/web-${index}` }),
      protocol: "HTTP",
      loadBalancingScheme: "EXTERNAL",
      backends: zones.map((zone) => ({ group: groupIn(zone), balancingMode: "RATE", capacityScaler: 1 })),
      healthChecks: [link("healthChecks", name)],
    }),
  );
  for (const zone of zones) {
    const url = selfLinkOf(`projects/${PROJECT}/zones/${zone}`);
    resources.put(resource("networkEndpointGroups", name, { zone: url }, `zones/${zone}`));
    putHealth(resources, index, { zone, state });
  }
}

/** Sets endpoint and health of Service `shop/web-<index>` in one zone. */
export function putHealth(
  resources: Resources,
  index: number,
  { zone = "us-central1-a", state = "HEALTHY", addresses = [`10.4.0.${index % 250}`] } = {},
): void {
  const group = link("networkEndpointGroups", builtName(index), `zones/${zone}`);
  const endpoints = addresses.map((ipAddress) => ({ ipAddress, port: 8080 }));
  resources.setEndpoints(
    group,
    endpoints.map((networkEndpoint) => ({ networkEndpoint })),
  );
  const healthStatus = endpoints.map((endpoint) => ({ ...endpoint, healthState: state }));
  resources.setHealth(link("backendServices", builtName(index)), group, { healthStatus });
}

/** Puts the frontend of Ingress `shop/ing-<index>`, which sends everything to Service `shop/web-<backend>`. */
export function putFrontend(resources: Resources, index: number, backend = index): void {
  const name = `k8s2-lab-shop-ing-${index}`;
  resources.put(resource("urlMaps", name, { defaultService: link("backendServices", builtName(backend)) }));
  resources.put(resource("targetHttpProxies", name, { urlMap: link("urlMaps", name) }));
  resources.put(
    resource("forwardingRules", name, {
      IPAddress: `203.0.113.${index % 250}`,
      portRange: "80-80",
      target: link("targetHttpProxies", name),
      loadBalancingScheme: "EXTERNAL",
      description: JSON.stringify({ "kubernetes.io/ingress-name": `shop/ing-${index}` }),
    }),
  );
}

/** Puts instance group `k8s-ig--lab` of one zone, with these named ports and a size. */
export function putInstanceGroup(
  resources: Resources,
  {
    zone = "us-central1-a",
    ports = [30080],
    size = 1,
  }: { zone?: string; ports?: number[]; size?: number } = {},
): void {
  resources.put(
    resource(
      "instanceGroups",
      "k8s-ig--lab",
      {
        zone: selfLinkOf(`projects/${PROJECT}/zones/${zone}`),
        size,
        namedPorts: ports.map((port) => ({ name: `port${port}`, port })),
      },
      `zones/${zone}`,
    ),
  );
}

/** Puts what GKE builds for node port `nodePort` of Service `shop/web-<index>`: a backend service of nodes. */
export function putNodePortBackend(resources: Resources, index: number, nodePort: number): void {
  const name = `k8s-be-${nodePort}--lab`;
  const group = link("instanceGroups", "k8s-ig--lab", "zones/us-central1-a");
  resources.put(
    resource("backendServices", name, {
      description: JSON.stringify({ "kubernetes.io/service-name": `shop/web-${index}` }),
      protocol: "HTTP",
      portName: `port${nodePort}`,
      port: nodePort,
      loadBalancingScheme: "EXTERNAL",
      backends: [{ group, balancingMode: "RATE", maxRatePerInstance: 1, capacityScaler: 1 }],
      healthChecks: [link("healthChecks", name)],
    }),
  );
  const instance = link("instances", "node-a", "zones/us-central1-a");
  resources.setHealth(link("backendServices", name), group, {
    healthStatus: [{ instance, ipAddress: "10.128.0.2", port: nodePort, healthState: "HEALTHY" }],
  });
}
