import type { EndpointHealth } from "../model/load-balancer.ts";
import type { Clock } from "../reconciler/ports.ts";
import { type ListedBackendService, type ListedNeg, READ_PERMISSIONS } from "./collections.ts";
import type { ComputeApi } from "./compute-api.ts";
import { type ComputeStore, negKey, type PartKey } from "./compute-store.ts";
import { failureOfError } from "./errors.ts";
import { projectEndpoints, projectHealth } from "./projections/backend.ts";
import { nameOf, segment } from "./projections/resource.ts";
import type { ReadGate } from "./read-gate.ts";

/** What reading the health of one backend service came to. */
export interface BackendRead {
  /** Requests made, retries not counted. */
  readonly calls: number;
  readonly differs: boolean;
  /** The permission it needed. */
  readonly permission: string;
  /** Whether every endpoint is healthy, so that the next look may wait. */
  readonly isSettled: boolean;
}

interface Reach {
  readonly store: ComputeStore;
  readonly gate: ReadGate;
  readonly clock: Clock;
  readonly connect: () => Promise<{ readonly api: ComputeApi }>;
}

type Endpoints = ReturnType<typeof projectEndpoints>;

/** A backend service whose NEGs fill more pages has more endpoints than one can have. */
const MAX_PAGES = 100;

/**
 * Reads the health of a backend service, group by group, and the endpoints of its NEGs. Never rejects.
 *
 * A NEG without endpoints costs no call, and one whose health names as many endpoints as the NEG has costs no
 * second one: the health answer lists them all.
 */
export async function readBackend(key: PartKey, reach: Reach): Promise<BackendRead> {
  const listed = reach.store.listedBackend(key);
  const isGlobal = key.startsWith("global/");
  const permission = isGlobal ? READ_PERMISSIONS.health : READ_PERMISSIONS.regionHealth;
  if (listed === undefined) return { calls: 0, differs: false, permission, isSettled: true };
  const read = new GroupReads(listed, permission, reach);
  const health = reach.store.health(key);
  try {
    const found: EndpointHealth[] = [];
    for (const group of listed.groupUrls) found.push(...(await read.group(group)));
    const differs = health.succeed(Object.freeze(found), reach.clock.now());
    const isSettled = found.every(({ state }) => state === "HEALTHY");
    return { calls: read.calls, differs: reach.store.change(differs) || read.differs, permission, isSettled };
  } catch (error) {
    const differs = health.fail(failureOfError(error), permission, reach.clock.monotonic());
    const changed = reach.store.change(differs) || read.differs;
    return { calls: read.calls, differs: changed, permission, isSettled: false };
  }
}

/** Reads the groups of one backend service one after the other. */
class GroupReads {
  calls = 0;
  differs = false;
  readonly #service: ListedBackendService["service"];
  readonly #permission: string;
  readonly #reach: Reach;

  constructor({ service }: ListedBackendService, permission: string, reach: Reach) {
    this.#service = service;
    this.#permission = permission;
    this.#reach = reach;
  }

  async group(url: string): Promise<readonly EndpointHealth[]> {
    const zone = segment(url, "zones");
    const neg = url.includes("/networkEndpointGroups/")
      ? this.#reach.store.listedNeg({ zone, name: nameOf(url) })
      : undefined;
    if (neg?.size === 0) {
      this.#takeEndpoints(neg, []);
      return [];
    }
    const health = await this.#health(url, zone);
    if (neg !== undefined) await this.#endpointsOf(neg, health);
    return health;
  }

  async #health(group: string, zone: string): Promise<readonly EndpointHealth[]> {
    const { gate, connect } = this.#reach;
    const { name, scope } = this.#service;
    const answer = await gate.read(this.#permission, async () => {
      const { api } = await connect();
      this.calls += 1;
      return api.health({ backendService: name, scope, group });
    });
    return projectHealth(answer, zone);
  }

  async #endpointsOf(neg: ListedNeg, health: readonly EndpointHealth[]): Promise<void> {
    if (health.length === neg.size && health.every(({ address }) => address !== "")) {
      this.#takeEndpoints(neg, Object.freeze(health.map(({ address, port }) => ({ address, port }))));
      return;
    }
    const permission = READ_PERMISSIONS.endpoints;
    try {
      this.#takeEndpoints(neg, await this.#listEndpoints(neg, permission));
    } catch (error) {
      const { store, clock } = this.#reach;
      const endpoints = store.endpoints(negKey(neg.neg));
      this.#note(endpoints.fail(failureOfError(error), permission, clock.monotonic()));
    }
  }

  async #listEndpoints({ neg }: ListedNeg, permission: string): Promise<Endpoints> {
    const { gate, connect } = this.#reach;
    const items: unknown[] = [];
    let token: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await gate.read(permission, async () => {
        const { api } = await connect();
        this.calls += 1;
        return api.endpoints(neg, token);
      });
      items.push(...page.items);
      token = page.nextPageToken;
      if (token === undefined) break;
    }
    return projectEndpoints(items);
  }

  #takeEndpoints(neg: ListedNeg, endpoints: Endpoints): void {
    const { store, clock } = this.#reach;
    this.#note(store.endpoints(negKey(neg.neg)).succeed(endpoints, clock.now()));
  }

  #note(differs: boolean): void {
    if (this.#reach.store.change(differs)) this.differs = true;
  }
}
