import { field, list, record, text } from "../model/json.ts";
import type { CollectionName } from "./collections.ts";
import type { ClientName, ComputeClients } from "./compute-clients.ts";
import { ComputeFailure, failureOfError } from "./errors.ts";
import { nameOf, segment } from "./projections/resource.ts";

/** Waiting for a turn included; the transport bounds the exchange itself. */
const TIMEOUT_MS = 15_000;

const PAGE_SIZE = 500;

/** One page of a list. */
export interface Page {
  readonly items: readonly unknown[];
  /** Undefined on the last page. */
  readonly nextPageToken: string | undefined;
  /** Regions and zones, by name, whose part the API could not include. */
  readonly unreachable: readonly string[];
}

/** A group of endpoints attached to a backend service, both by name. */
export interface HealthQuery {
  readonly backendService: string;
  /** `global` or a region's name. */
  readonly scope: string;
  /** Full URL of the NEG or instance group. */
  readonly group: string;
}

/** Reads of the Compute API, one request each. Every method rejects with {@link ComputeFailure} only. */
export interface ComputeApi {
  page(collection: CollectionName, pageToken: string | undefined): Promise<Page>;
  /** Answers what `getHealth` says of one group. */
  health(query: HealthQuery): Promise<unknown>;
  endpoints(neg: NegName, pageToken: string | undefined): Promise<Page>;
  /** Answers the Project resource, which holds its quotas. */
  project(): Promise<unknown>;
  /** Answers a Region resource, which holds its quotas. */
  region(name: string): Promise<unknown>;
}

/** A zonal NEG. */
export interface NegName {
  readonly zone: string;
  readonly name: string;
}

/** Reads one project through the client library. */
export class ClientComputeApi implements ComputeApi {
  readonly #clients: ComputeClients;
  readonly #project: string;

  constructor(clients: ComputeClients, project: string) {
    this.#clients = clients;
    this.#project = project;
  }

  async page(collection: CollectionName, pageToken: string | undefined): Promise<Page> {
    // Firewalls exist once in a project; everything else in a project's global and regional or zonal collections.
    if (collection === "firewalls") return listPage(await this.#list(collection, "list", { pageToken }));
    const answer = await this.#list(collection, "aggregatedList", { pageToken });
    const scopes = Object.entries(record(answer, "items") ?? {});
    return {
      items: scopes.flatMap(([, scope]) => list(scope, collection)),
      nextPageToken: text(answer, "nextPageToken") || undefined,
      unreachable: [...unreachables(answer), ...scopes.flatMap(unreachableScope)],
    };
  }

  async health({ backendService, scope, group }: HealthQuery): Promise<unknown> {
    const request = { backendService, resourceGroupReferenceResource: { group } };
    return scope === "global"
      ? this.#call("backendServices", "getHealth", request)
      : this.#call("regionBackendServices", "getHealth", { ...request, region: scope });
  }

  async endpoints({ zone, name }: NegName, pageToken: string | undefined): Promise<Page> {
    const request = {
      zone,
      networkEndpointGroup: name,
      networkEndpointGroupsListEndpointsRequestResource: {},
      pageToken,
    };
    return listPage(await this.#list("networkEndpointGroups", "listNetworkEndpoints", request));
  }

  project(): Promise<unknown> {
    return this.#call("projects", "get", {});
  }

  region(name: string): Promise<unknown> {
    return this.#call("regions", "get", { region: name });
  }

  async #list(client: ClientName, method: string, request: object): Promise<unknown> {
    // The raw page is the third part of the answer; the library's iterators hide that a page is incomplete.
    return (await this.#send(client, method, { maxResults: PAGE_SIZE, ...request }))[2];
  }

  async #call(client: ClientName, method: string, request: object): Promise<unknown> {
    return (await this.#send(client, method, request))[0];
  }

  async #send(name: ClientName, method: string, request: object): Promise<readonly unknown[]> {
    try {
      const client = await this.#clients.get(name);
      const call = client.innerApiCalls[method];
      if (call === undefined) throw new ComputeFailure("rejected");
      const options = { autoPaginate: false, retry: null, timeout: TIMEOUT_MS } as const;
      return await call({ project: this.#project, ...request }, options);
    } catch (error) {
      throw failureOfError(error);
    }
  }
}

function listPage(answer: unknown): Page {
  const { code } = (record(answer, "warning") ?? {}) as { readonly code?: unknown };
  return {
    items: list(answer, "items"),
    nextPageToken: text(answer, "nextPageToken") || undefined,
    unreachable: code === "UNREACHABLE" ? ["global"] : [],
  };
}

function unreachables(answer: unknown): readonly string[] {
  return list(answer, "unreachables").flatMap((entry) => (typeof entry === "string" ? scopeName(entry) : []));
}

function unreachableScope([key, scope]: [string, unknown]): readonly string[] {
  return text(field(scope, "warning"), "code") === "UNREACHABLE" ? [scopeName(key)] : [];
}

/** `regions/us-central1`, `zones/us-central1-a`, a URL that ends so, or `global`. */
function scopeName(key: string): string {
  return segment(`/${key}`, "regions") || segment(`/${key}`, "zones") || nameOf(key);
}
