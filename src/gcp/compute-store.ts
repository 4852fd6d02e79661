import { isDeepStrictEqual } from "node:util";
import type {
  BackendService,
  EndpointHealth,
  NetworkEndpointGroup,
  Quota,
  TargetProxy,
} from "../model/load-balancer.ts";
import { known, mapObserved, type Observed, type UnknownReason } from "../model/observed.ts";
import {
  COLLECTION_NAMES,
  type CollectionName,
  type ListedBackendService,
  type ListedNeg,
  type ListedTypes,
} from "./collections.ts";
import { ItemIndex } from "./item-index.ts";
import { INDEX_KEYS, type IndexedCompute } from "./join.ts";
import { NOT_READ, Tracked } from "./tracked.ts";

/** `scope/name` of a backend service, `zone/name` of a NEG. */
export type PartKey = string;

type Endpoints = readonly { readonly address: string; readonly port: number }[];

type Collections = { readonly [K in CollectionName]: Tracked<readonly ListedTypes[K][]> };

/** How one collection stands. */
export interface Reading {
  readonly collection: string;
  readonly state: "read" | UnknownReason;
  /** Epoch milliseconds of the oldest part that was read; undefined before any was. */
  readonly lastReadAt: number | undefined;
}

/** Part of a quota's limit from which its use is news; below, every new resource of the project would be. */
const NEWSWORTHY = 0.8;

/**
 * What was last read of one project.
 *
 * A collection is replaced as a whole, and items that did not change stay the same objects, so that whoever holds
 * an old answer can compare it by identity.
 */
export class ComputeStore {
  readonly #collections: Collections;
  readonly #health = new Map<PartKey, Tracked<readonly EndpointHealth[]>>();
  readonly #endpoints = new Map<PartKey, Tracked<Endpoints>>();
  readonly #quotas = new Map<string, Tracked<readonly Quota[]>>();
  readonly #joined = new WeakMap<object, { readonly part: unknown; readonly result: unknown }>();
  readonly #projectName: () => string;
  #backends: ReadonlyMap<PartKey, ListedBackendService> = new Map();
  #negs: ReadonlyMap<PartKey, ListedNeg> = new Map();
  #readAt = 0;
  #index: IndexedCompute | undefined;

  /** `projectName` is asked whenever something new was read. */
  constructor(projectName: () => string) {
    this.#projectName = projectName;
    this.#collections = Object.fromEntries(
      COLLECTION_NAMES.map((name) => [name, new Tracked()]),
    ) as unknown as Collections;
  }

  /** Whether some collection was never asked for with any outcome. */
  get isPending(): boolean {
    return COLLECTION_NAMES.some((name) => this.#collections[name].isPending);
  }

  /** Items of a collection as they were listed. */
  listed<K extends CollectionName>(name: K): Observed<readonly ListedTypes[K][]> {
    return this.#collections[name].observed;
  }

  /** A backend service as it was listed; undefined when there is none. */
  listedBackend(key: PartKey): ListedBackendService | undefined {
    return this.#backends.get(key);
  }

  /** A NEG as it was listed; undefined when there is none. */
  listedNeg(neg: { readonly zone: string; readonly name: string }): ListedNeg | undefined {
    return this.#negs.get(negKey(neg));
  }

  /** The last outcome of one collection, to be changed through {@link change}. */
  collection<K extends CollectionName>(name: K): Tracked<readonly ListedTypes[K][]> {
    return this.#collections[name];
  }

  /** Swaps in a complete list; answers whether it differs. */
  replace<K extends CollectionName>(name: K, items: readonly ListedTypes[K][], readAt: number): boolean {
    this.#readAt = readAt;
    const { observed } = this.#collections[name];
    const before = observed.known ? observed.value : [];
    const differs = this.#collections[name].succeed(keepSame(before, items), readAt);
    if (differs) this.#fileParts();
    return this.change(differs);
  }

  /** Health of a backend service. */
  health(key: PartKey): Tracked<readonly EndpointHealth[]> {
    return tracked(this.#health, key);
  }

  /** Endpoints of a NEG. */
  endpoints(key: PartKey): Tracked<Endpoints> {
    return tracked(this.#endpoints, key);
  }

  /** Quotas of the project or a region. */
  quotas(scope: string): Tracked<readonly Quota[]> {
    return tracked(this.#quotas, scope);
  }

  /** Takes quotas; answers whether one that is nearly used up differs. */
  replaceQuotas(scope: string, quotas: readonly Quota[], readAt: number): boolean {
    const { observed } = this.quotas(scope);
    const news = (all: readonly Quota[]) => all.filter(({ usage, limit }) => usage >= limit * NEWSWORTHY);
    if (observed.known && isDeepStrictEqual(news(observed.value), news(quotas))) {
      this.quotas(scope).succeed(observed.value, readAt);
      return false;
    }
    return this.change(this.quotas(scope).succeed(quotas, readAt));
  }

  /** Forgets the health of a backend service that nobody asks about any more. */
  forgetHealth(key: PartKey): void {
    this.#health.delete(key);
  }

  /** Passes `differs` through, and when it is true makes the next {@link index} a new one. */
  change(differs: boolean): boolean {
    if (differs) this.#index = undefined;
    return differs;
  }

  /** How each collection stands, the health of backend services as one of them where any is asked for. */
  *readings(): Generator<Reading> {
    for (const name of COLLECTION_NAMES) yield readingOf(name, [this.#collections[name]]);
    if (this.#quotas.size > 0) yield readingOf("quotas", [...this.#quotas.values()]);
    if (this.#health.size > 0) yield readingOf("health", [...this.#health.values()]);
  }

  /** Everything, ready to be joined. Answers the same object until something differs. */
  index(): IndexedCompute {
    this.#index ??= this.#build();
    return this.#index;
  }

  #fileParts(): void {
    const [backends, negs] = [this.listed("backendServices"), this.listed("networkEndpointGroups")];
    this.#backends = new Map(
      backends.known ? backends.value.map((one) => [backendKey(one.service), one]) : [],
    );
    this.#negs = new Map(negs.known ? negs.value.map((one) => [negKey(one.neg), one]) : []);
    for (const key of this.#endpoints.keys()) if (!this.#negs.has(key)) this.#endpoints.delete(key);
  }

  #build(): IndexedCompute {
    const at = <K extends CollectionName>(name: K) => this.#collections[name].observed;
    return {
      shared: {
        readAt: this.#readAt,
        project: this.#projectName(),
        firewalls: at("firewalls"),
        subnetworks: at("subnetworks"),
        quotas: this.#allQuotas(),
        sslPolicies: at("sslPolicies"),
      },
      forwardingRules: indexed(at("forwardingRules"), INDEX_KEYS.forwardingRules),
      targetProxies: indexed(this.#targetProxies(), INDEX_KEYS.targetProxies),
      urlMaps: indexed(at("urlMaps"), INDEX_KEYS.urlMaps),
      backendServices: indexed(
        mapObserved(at("backendServices"), (all) => all.map((one) => this.#withHealth(one))),
        INDEX_KEYS.backendServices,
      ),
      healthChecks: indexed(at("healthChecks"), INDEX_KEYS.healthChecks),
      negs: indexed(
        mapObserved(at("networkEndpointGroups"), (all) => all.map((one) => this.#withEndpoints(one))),
        INDEX_KEYS.negs,
      ),
      instanceGroups: indexed(at("instanceGroups"), INDEX_KEYS.instanceGroups),
      certificates: indexed(at("sslCertificates"), INDEX_KEYS.certificates),
      addresses: indexed(at("addresses"), INDEX_KEYS.addresses),
    };
  }

  #targetProxies(): Observed<readonly TargetProxy[]> {
    const [http, https] = [this.listed("targetHttpProxies"), this.listed("targetHttpsProxies")];
    if (!http.known) return http;
    return mapObserved(https, (secure) => [...http.value, ...secure]);
  }

  #allQuotas(): Observed<readonly Quota[]> {
    const all = [...this.#quotas.values()].map(({ observed }) => observed);
    if (all.length === 0) return NOT_READ;
    return all.find((one) => !one.known) ?? known(all.flatMap((one) => (one.known ? one.value : [])));
  }

  #withHealth(listed: ListedBackendService): BackendService {
    const { service } = listed;
    const health = this.#health.get(backendKey(service))?.observed ?? NOT_READ;
    return this.#same(listed, health, () => Object.freeze({ ...service, health }));
  }

  #withEndpoints(listed: ListedNeg): NetworkEndpointGroup {
    const { neg } = listed;
    const endpoints = this.#endpoints.get(negKey(neg))?.observed ?? NOT_READ;
    return this.#same(listed, endpoints, () => Object.freeze({ ...neg, endpoints }));
  }

  /** Builds `result` of a listed item once for as long as the part that is read separately is the same. */
  #same<T>(listed: object, part: unknown, build: () => T): T {
    const last = this.#joined.get(listed);
    if (last !== undefined && last.part === part) return last.result as T;
    const result = build();
    this.#joined.set(listed, { part, result });
    return result;
  }
}

/** The reading of several parts as one: what failed tells more than what is still to come. */
function readingOf(collection: string, parts: readonly Tracked<unknown>[]): Reading {
  const reasons = parts.flatMap(({ observed }) => (observed.known ? [] : observed.reason));
  const state = reasons.find((reason) => reason !== "not-synced") ?? reasons[0] ?? "read";
  const times = parts.flatMap(({ readAt }) => readAt ?? []);
  return { collection, state, lastReadAt: times.length === 0 ? undefined : Math.min(...times) };
}

/** Key of a backend service's health. */
export function backendKey({ scope, name }: Pick<BackendService, "scope" | "name">): PartKey {
  return `${scope}/${name}`;
}

/** Key of a NEG's endpoints. */
export function negKey({ zone, name }: Pick<NetworkEndpointGroup, "zone" | "name">): PartKey {
  return `${zone}/${name}`;
}

function tracked<T>(map: Map<PartKey, Tracked<T>>, key: PartKey): Tracked<T> {
  const found = map.get(key) ?? new Tracked<T>();
  map.set(key, found);
  return found;
}

function indexed<T>(
  list: Observed<readonly T[]>,
  keysOf: (item: T) => readonly string[],
): Observed<ItemIndex<T>> {
  return mapObserved(list, (items) => new ItemIndex(items, keysOf));
}

/** The new items, each replaced by the equal old one if there is one. */
function keepSame<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  const old = Map.groupBy(before, nameIn);
  return after.map((item) => old.get(nameIn(item))?.find((one) => isDeepStrictEqual(one, item)) ?? item);
}

function nameIn(item: unknown): string {
  if (typeof item === "string") return item;
  const { name, service, neg } = item as {
    name?: string;
    service?: { name: string };
    neg?: { name: string };
  };
  return name ?? service?.name ?? neg?.name ?? "";
}
