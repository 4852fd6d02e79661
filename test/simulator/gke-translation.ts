import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import {
  allowHttp,
  frontendConfigName,
  preSharedCertificates,
  staticIp,
} from "../../src/diagnostics/gke/ingress-annotations.ts";
import { builtObjects } from "../../src/diagnostics/gke/status-annotations.ts";
import type { BackendTarget } from "../../src/diagnostics/gke/translate.ts";
import type { HostRule, UrlMapTable } from "../../src/diagnostics/gke/url-map.ts";
import type { Backend, Topology } from "../../src/diagnostics/topology.ts";
import type { BackendConfig } from "../../src/model/gke-config.ts";
import type { Node } from "../../src/model/pod.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
  type ClusterIds,
  frontendNames,
  instanceGroupBackendName,
  negName,
} from "../controlplane/gke/names.ts";
import { type Resource, type Resources, selfLinkOf } from "./compute-api/resources.ts";

/** Whose load balancers are made. */
export interface Seed {
  readonly resources: Resources;
  readonly project: string;
  readonly ids: ClusterIds;
}

const REGION = "us-central1";

/** What a BackendConfig makes of a backend service; without one, Compute Engine's own defaults. */
function settingsOf(config: BackendConfig | undefined): object {
  const { timeoutSec = 30, drainingTimeoutSec, sessionAffinity, iap, cdn, securityPolicy } = config ?? {};
  const policy = `https://www.googleapis.com/compute/v1/projects/p/global/securityPolicies/${securityPolicy}`;
  return {
    timeoutSec,
    sessionAffinity: sessionAffinity?.type || "NONE",
    enableCDN: cdn?.enabled ?? false,
    ...(drainingTimeoutSec === undefined ? {} : { connectionDraining: { drainingTimeoutSec } }),
    ...(iap === undefined ? {} : { iap: { enabled: iap.enabled } }),
    ...(securityPolicy ? { securityPolicy: policy } : {}),
  };
}

/**
 * Makes what GKE's controllers make of an Ingress, by the project's own model of them. Makes nothing where the
 * controller would not get as far as changing a load balancer.
 *
 * @returns whether there is a load balancer now
 */
export function seedLoadBalancer(seed: Seed, snapshot: Snapshot): boolean {
  const topology = buildTopology(snapshot);
  const { ownership, translation } = topology;
  if (ownership.kind !== "owned" || translation.errors.length > 0) return false;
  new Builder(seed, topology, ownership.product === "internal").build();
  return true;
}

class Builder {
  readonly #seed: Seed;
  readonly #topology: Topology;
  readonly #isInternal: boolean;

  constructor(seed: Seed, topology: Topology, isInternal: boolean) {
    this.#seed = seed;
    this.#topology = topology;
    this.#isInternal = isInternal;
  }

  build(): void {
    for (const backend of this.#topology.backends) this.#buildBackend(backend);
    this.#buildFrontend();
    const firewall = {
      network: this.#network,
      direction: "INGRESS",
      priority: 1000,
      sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
      allowed: [{ IPProtocol: "tcp" }],
    };
    this.#put("firewalls", `k8s-fw-l7--${this.#seed.ids.clusterUid}`, firewall, "global");
  }

  get #network(): string {
    return this.#link("networks", "default", "global");
  }

  #link(collection: string, name: string, scope = this.#isInternal ? `regions/${REGION}` : "global"): string {
    return selfLinkOf(`projects/${this.#seed.project}/${scope}/${collection}/${name}`);
  }

  #put(collection: string, name: string, fields: object, scope?: string): string {
    const selfLink = this.#link(collection, name, scope);
    this.#seed.resources.put({ name, selfLink, ...fields } as Resource);
    return selfLink;
  }

  #buildBackend(backend: Backend): void {
    const resolved = backend.resolution.known ? backend.resolution.value.backend : undefined;
    const check = backend.healthCheck.known ? backend.healthCheck.value : undefined;
    const name = this.#nameOf(backend);
    if (resolved === undefined || check === undefined || name === undefined) return;
    const { type, port, path, host } = check;
    const number = port.value.kind === "serving" ? undefined : port.value.number;
    const request = {
      requestPath: path.value,
      host: host.value,
      ...(number === undefined
        ? { portSpecification: "USE_SERVING_PORT" }
        : { portSpecification: "USE_FIXED_PORT", port: number }),
    };
    const healthCheck = this.#put("healthChecks", name, {
      type: type.value,
      [`${type.value.toLowerCase()}HealthCheck`]: request,
      checkIntervalSec: check.intervalSec.value,
      timeoutSec: check.timeoutSec.value,
      healthyThreshold: check.healthyThreshold.value,
      unhealthyThreshold: check.unhealthyThreshold.value,
    });
    const groups =
      resolved.mode === "neg" ? this.#negs(backend, name) : this.#instanceGroups(resolved.port.nodePort);
    const config = backend.backendConfig.known ? backend.backendConfig.value : undefined;
    this.#put("backendServices", name, {
      description: JSON.stringify({
        "kubernetes.io/service-name": `${backend.namespace}/${backend.serviceName}`,
        "kubernetes.io/service-port": String(resolved.port.port),
      }),
      protocol: resolved.protocol,
      loadBalancingScheme: this.#scheme,
      ...settingsOf(config),
      ...(resolved.mode === "neg" ? {} : { portName: `port${resolved.port.nodePort}` }),
      backends: groups.map((group) => ({ group, balancingMode: "RATE", capacityScaler: 1 })),
      healthChecks: [healthCheck],
    });
  }

  get #scheme(): string {
    return this.#isInternal ? "INTERNAL_MANAGED" : "EXTERNAL";
  }

  #nameOf({ resolution, serviceNegs }: Pick<Backend, "resolution" | "serviceNegs">): string | undefined {
    const resolved = resolution.known ? resolution.value.backend : undefined;
    if (resolved === undefined) return undefined;
    const { ids } = this.#seed;
    const { port, mode, service } = resolved;
    if (mode === "instance-group") return instanceGroupBackendName(ids, port.nodePort ?? 0);
    const written = serviceNegs.known ? serviceNegs.value[0]?.ref.name : undefined;
    return written ?? negName(ids, service.ref.namespace, service.ref.name, port.port);
  }

  get #nodes(): readonly Node[] {
    return this.#topology.nodes.known ? this.#topology.nodes.value : [];
  }

  /** One NEG a zone; an endpoint on a node that is not there ends the sync of all of them. */
  #negs({ endpoints, pods }: Backend, name: string): readonly string[] {
    const slices = endpoints.known ? [...endpoints.value.ready, ...endpoints.value.notReady] : [];
    const port = endpoints.known ? endpoints.value.ports[0] : undefined;
    const isLost = slices.some(({ nodeName }) => !this.#nodes.some(({ ref }) => ref.name === nodeName));
    const known = new Set(pods.known ? pods.value.map(({ ref }) => ref.name) : []);
    return this.#zones().map((zone) => {
      const fields = {
        zone: this.#zoneUrl(zone),
        network: this.#network,
        networkEndpointType: "GCE_VM_IP_PORT",
      };
      const group = this.#put("networkEndpointGroups", name, fields, `zones/${zone}`);
      const inZone = this.#nodes.filter((node) => node.zone === zone).map(({ ref }) => ref.name);
      const own = isLost
        ? []
        : slices.filter(({ nodeName = "", pod = "" }) => inZone.includes(nodeName) && known.has(pod));
      this.#seed.resources.setEndpoints(
        group,
        own.map(({ addresses: [ipAddress] }) => ({ networkEndpoint: { ipAddress, port } })),
      );
      return group;
    });
  }

  /** All nodes of a zone, each with the node ports of all Services. */
  #instanceGroups(nodePort: number | undefined): readonly string[] {
    return this.#zones().map((zone) => {
      const name = `k8s-ig--${this.#seed.ids.clusterUid}`;
      const path = `projects/${this.#seed.project}/zones/${zone}/instanceGroups/${name}`;
      const named = (this.#seed.resources.get(path)?.namedPorts ?? []) as readonly { port: number }[];
      const others = named.filter(({ port }) => port !== nodePort);
      const namedPorts = [...others, { name: `port${nodePort}`, port: nodePort }];
      const fields = { zone: this.#zoneUrl(zone), network: this.#network, namedPorts };
      const group = this.#put("instanceGroups", name, fields, `zones/${zone}`);
      const members = this.#nodes.filter((node) => node.zone === zone && node.ready && !node.excluded);
      this.#seed.resources.setEndpoints(
        group,
        members.map(({ addresses: [ipAddress] }) => ({ networkEndpoint: { ipAddress } })),
      );
      return group;
    });
  }

  #zoneUrl(zone: string): string {
    return selfLinkOf(`projects/${this.#seed.project}/zones/${zone}`);
  }

  #zones(): readonly string[] {
    return [...new Set(this.#nodes.flatMap(({ zone }) => zone ?? []))].sort();
  }

  #buildFrontend(): void {
    const { ingress, translation } = this.#topology;
    const names = frontendNames(this.#seed.ids, ingress.ref.namespace, ingress.ref.name);
    const map = this.#put("urlMaps", names.urlMap, this.#urlMap(translation.table));
    const [address = ""] = ingress.addresses;
    this.#reserve(address);
    const rule = {
      IPAddress: address,
      loadBalancingScheme: this.#scheme,
      description: JSON.stringify({
        "kubernetes.io/ingress-name": `${ingress.ref.namespace}/${ingress.ref.name}`,
      }),
    };
    const hasTls =
      ingress.tls.some(({ secretName }) => secretName) || preSharedCertificates(ingress).length > 0;
    if (allowHttp(ingress).effective) {
      const redirect = this.#redirect();
      const urlMap =
        redirect === undefined
          ? map
          : this.#put("urlMaps", names.redirectMap, { defaultUrlRedirect: redirect });
      const target = this.#put("targetHttpProxies", names.httpProxy, { urlMap });
      this.#put("forwardingRules", names.httpRule, { ...rule, portRange: "80-80", target });
    }
    if (!hasTls) return;
    const sslCertificates = this.#certificates();
    const target = this.#put("targetHttpsProxies", names.httpsProxy, { urlMap: map, sslCertificates });
    this.#put("forwardingRules", names.httpsRule, { ...rule, portRange: "443-443", target });
  }

  /** The user's part of a load balancer that is served: the address that an annotation names. */
  #reserve(address: string): void {
    const choice = staticIp(this.#topology.ingress);
    if (choice.kind !== "named") return;
    const kind = this.#isInternal
      ? { addressType: "INTERNAL", purpose: "SHARED_LOADBALANCER_VIP" }
      : { addressType: "EXTERNAL", networkTier: "PREMIUM" };
    this.#put("addresses", choice.name, { address, status: "IN_USE", ...kind });
  }

  /** Pre-shared ones are good for every host; one of a Secret has the public facts of what the Secret holds. */
  #certificates(): readonly string[] {
    const { ingress, secrets, translation } = this.#topology;
    const own = builtObjects(ingress).sslCertificates;
    const shared = preSharedCertificates(ingress);
    const made = own.filter((name) => !shared.includes(name));
    const facts = ingress.tls.map(({ secretName }) =>
      (secrets.known ? secrets.value : []).find(
        ({ ref }) => ref.name === secretName && ref.namespace === ingress.ref.namespace,
      ),
    );
    return [
      ...shared.map((name) =>
        this.#put("sslCertificates", name, {
          type: "SELF_MANAGED",
          subjectAlternativeNames: translation.table.hosts.map(({ host }) => host),
        }),
      ),
      ...made.map((name, index) => {
        const { dnsNames = [], expiresAt } = facts[index]?.certificate ?? {};
        return this.#put("sslCertificates", name, {
          type: "SELF_MANAGED",
          subjectAlternativeNames: dnsNames,
          ...(expiresAt === undefined ? {} : { expireTime: new Date(expiresAt).toISOString() }),
        });
      }),
    ];
  }

  #redirect(): object | undefined {
    const { ingress, frontendConfigs } = this.#topology;
    const name = frontendConfigName(ingress);
    const configs = frontendConfigs.known ? frontendConfigs.value : [];
    const wanted = configs.find(({ ref }) => ref.name === name)?.redirectToHttps;
    if (wanted?.enabled !== true || this.#isInternal) return undefined;
    return {
      httpsRedirect: true,
      redirectResponseCode: wanted.responseCodeName ?? "MOVED_PERMANENTLY_DEFAULT",
    };
  }

  #urlMap({ hosts, fallback }: UrlMapTable<BackendTarget>): object {
    return {
      defaultService: this.#serviceLink(fallback),
      hostRules: hosts.map(({ host }, index) => ({ hosts: [host], pathMatcher: `host${index}` })),
      pathMatchers: hosts.map((host, index) => this.#pathMatcher(host, index)),
    };
  }

  #pathMatcher({ paths, fallback }: HostRule<BackendTarget>, index: number): object {
    return {
      name: `host${index}`,
      defaultService: this.#serviceLink(fallback),
      pathRules: paths.map(({ path, target }) => ({ paths: [path], service: this.#serviceLink(target) })),
    };
  }

  #serviceLink(target: BackendTarget | undefined): string | undefined {
    const backend = this.#topology.backends.find(({ key }) => key === target?.key);
    const name = backend && this.#nameOf(backend);
    return name === undefined ? undefined : this.#link("backendServices", name);
  }
}
