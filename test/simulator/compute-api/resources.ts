/** A Compute resource as the API returns it. */
export interface Resource {
  readonly name: string;
  readonly selfLink: string;
  readonly [field: string]: unknown;
}

/** Answer of `getHealth` for one group of endpoints. */
export interface GroupHealth {
  readonly healthStatus?: readonly object[];
}

/** Collections by the name that the API's paths give them. */
export const COLLECTIONS = [
  "addresses",
  "backendServices",
  "firewalls",
  "forwardingRules",
  "healthChecks",
  "instanceGroups",
  "networkEndpointGroups",
  "regions",
  "sslCertificates",
  "sslPolicies",
  "subnetworks",
  "targetHttpProxies",
  "targetHttpsProxies",
  "urlMaps",
] as const;

/** Name of one collection. */
export type Collection = (typeof COLLECTIONS)[number];

const HOST = "https://www.googleapis.com";

/** What Compute Engine holds: resources by their URL, endpoints and health beside them. Changed at any time. */
export class Resources {
  readonly #byLink = new Map<string, Resource>();
  readonly #endpoints = new Map<string, readonly object[]>();
  readonly #health = new Map<string, GroupHealth>();
  readonly #projects = new Map<string, object>();

  /** Adds or replaces a resource. */
  put(resource: Resource): void {
    this.#byLink.set(pathOf(resource.selfLink), resource);
  }

  /** Removes a resource; its users keep naming it. */
  remove(selfLink: string): void {
    this.#byLink.delete(pathOf(selfLink));
  }

  /** Sets what `listNetworkEndpoints` answers for a NEG, and the size the NEG shows. */
  setEndpoints(neg: string, items: readonly object[]): void {
    const path = pathOf(neg);
    this.#endpoints.set(path, items);
    const resource = this.#byLink.get(path);
    if (resource !== undefined) this.#byLink.set(path, { ...resource, size: items.length });
  }

  /** Sets what `getHealth` answers for a group of a backend service. */
  setHealth(backendService: string, group: string, health: GroupHealth): void {
    this.#health.set(`${pathOf(backendService)} ${pathOf(group)}`, health);
  }

  /** Sets fields of a Project resource, such as its quotas. */
  setProject(project: string, fields: object): void {
    this.#projects.set(project, { name: project, kind: "compute#project", ...fields });
  }

  /** Forgets everything. */
  clear(): void {
    for (const map of [this.#byLink, this.#endpoints, this.#health, this.#projects]) map.clear();
  }

  /**
   * Replaces everything by collections with their API names, beside `networkEndpoints` {NEG URL: items} and
   * `backendServiceHealth` {backend service URL: {group URL: answer}}.
   */
  load(state: Readonly<Record<string, unknown>>): void {
    this.clear();
    for (const collection of COLLECTIONS) {
      for (const resource of (state[collection] ?? []) as readonly Resource[]) this.put(resource);
    }
    for (const [neg, items] of entries(state.networkEndpoints)) {
      this.setEndpoints(neg, items as readonly object[]);
    }
    for (const [service, groups] of entries(state.backendServiceHealth)) {
      for (const [group, health] of entries(groups)) this.setHealth(service, group, health as GroupHealth);
    }
  }

  /** A resource by path, such as `projects/p/global/urlMaps/web`. */
  get(path: string): Resource | undefined {
    return this.#byLink.get(path);
  }

  /** Resources below a path that ends in the collection, such as `projects/p/global/urlMaps`. */
  below(path: string): readonly Resource[] {
    const start = `${path}/`;
    return [...this.#byLink].filter(([link]) => link.startsWith(start)).map(([, resource]) => resource);
  }

  /** Resources of a collection in every scope of a project, each with its scope, e.g. `regions/us-central1`. */
  everywhere(project: string, collection: string): readonly { scope: string; resource: Resource }[] {
    const start = `projects/${project}/`;
    return [...this.#byLink].flatMap(([link, resource]) => {
      if (!link.startsWith(start)) return [];
      const parts = link.slice(start.length).split("/");
      return parts.at(-2) === collection ? [{ scope: parts.slice(0, -2).join("/"), resource }] : [];
    });
  }

  endpoints(path: string): readonly object[] {
    return this.#endpoints.get(path) ?? [];
  }

  health(backendService: string, group: string): GroupHealth {
    return this.#health.get(`${backendService} ${pathOf(group)}`) ?? {};
  }

  project(name: string): object {
    return this.#projects.get(name) ?? { name, kind: "compute#project" };
  }
}

/** URL of a resource from its path below the API's root. */
export function selfLinkOf(path: string): string {
  return `${HOST}/compute/v1/${path}`;
}

function pathOf(selfLink: string): string {
  return selfLink.slice(selfLink.indexOf("projects/"));
}

function entries(value: unknown): readonly [string, unknown][] {
  return Object.entries((value ?? {}) as object);
}
