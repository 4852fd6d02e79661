import type { CollectionName } from "./collections.ts";
import type { ComputeTransport } from "./compute-transport.ts";
import type { Endpoint } from "./endpoint.ts";

/** Compute services that are asked, by the name of what they hold. */
export type ClientName = CollectionName | "regionBackendServices" | "projects" | "regions";

/** What every call is given: no retries of the library's own, which would go on for ten minutes, and an end. */
interface CallOptions {
  readonly retry: null;
  /** Milliseconds. */
  readonly timeout: number;
  readonly autoPaginate?: false;
}

/** A client of one Compute service, as far as it is used; the library's types would cost every compile a second. */
export interface ComputeClient {
  initialize(): Promise<unknown>;
  readonly innerApiCalls: Readonly<
    Record<string, (request: object, options: CallOptions) => Promise<readonly unknown[]>>
  >;
}

type ClientClass = new (options: object) => ComputeClient;

const LOADERS: Readonly<Record<ClientName, () => Promise<object>>> = {
  forwardingRules: () => import("@google-cloud/compute/build/src/v1/forwarding_rules_client.js"),
  targetHttpProxies: () => import("@google-cloud/compute/build/src/v1/target_http_proxies_client.js"),
  targetHttpsProxies: () => import("@google-cloud/compute/build/src/v1/target_https_proxies_client.js"),
  urlMaps: () => import("@google-cloud/compute/build/src/v1/url_maps_client.js"),
  backendServices: () => import("@google-cloud/compute/build/src/v1/backend_services_client.js"),
  regionBackendServices: () => import("@google-cloud/compute/build/src/v1/region_backend_services_client.js"),
  healthChecks: () => import("@google-cloud/compute/build/src/v1/health_checks_client.js"),
  networkEndpointGroups: () => import("@google-cloud/compute/build/src/v1/network_endpoint_groups_client.js"),
  instanceGroups: () => import("@google-cloud/compute/build/src/v1/instance_groups_client.js"),
  sslCertificates: () => import("@google-cloud/compute/build/src/v1/ssl_certificates_client.js"),
  addresses: () => import("@google-cloud/compute/build/src/v1/addresses_client.js"),
  firewalls: () => import("@google-cloud/compute/build/src/v1/firewalls_client.js"),
  subnetworks: () => import("@google-cloud/compute/build/src/v1/subnetworks_client.js"),
  sslPolicies: () => import("@google-cloud/compute/build/src/v1/ssl_policies_client.js"),
  projects: () => import("@google-cloud/compute/build/src/v1/projects_client.js"),
  regions: () => import("@google-cloud/compute/build/src/v1/regions_client.js"),
};

/** Single clients by deep import, each loaded and built at its first call. */
export class ComputeClients {
  readonly #options: object;
  readonly #clients = new Map<ClientName, Promise<ComputeClient>>();

  constructor(transport: ComputeTransport, endpoint: Endpoint | undefined) {
    this.#options = { authClient: transport, ...endpoint };
  }

  /** The client of one service, ready to be called. */
  get(name: ClientName): Promise<ComputeClient> {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const client = this.#create(name);
    this.#clients.set(name, client);
    // What failed once is tried again: a failure that is kept would be the answer for the life of the process.
    client.catch(() => this.#clients.delete(name));
    return client;
  }

  async #create(name: ClientName): Promise<ComputeClient> {
    const module: { readonly default?: object } = await LOADERS[name]();
    // Node finds the exports of a CommonJS module by name; a bundle has them in its default export alone.
    const exports = { ...module.default, ...module };
    const found = Object.entries(exports).find(([exported]) => exported.endsWith("Client"));
    const Client = found?.[1] as ClientClass;
    const client = new Client({ ...this.#options });
    await client.initialize();
    return client;
  }
}
