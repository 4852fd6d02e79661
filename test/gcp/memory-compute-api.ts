import type { CollectionName } from "../../src/gcp/collections.ts";
import type { ComputeApi, HealthQuery, NegName, Page } from "../../src/gcp/compute-api.ts";
import { ComputeFailure, type ComputeFailureKind } from "../../src/gcp/errors.ts";
import { nameOf } from "../../src/gcp/projections/resource.ts";
import { Resources } from "../simulator/compute-api/resources.ts";
import { PROJECT } from "./compute-resources.ts";

const PAGE_SIZE = 500;

/** The Compute API without a network, for tests in simulated time: answers at once, from resources or a failure. */
export class MemoryComputeApi implements ComputeApi {
  readonly resources = new Resources();
  /** Calls so far, each by what it asked. */
  readonly calls: string[] = [];
  /** Set to make calls fail, all of them or those whose name begins with a text. */
  failure:
    | { readonly kind: ComputeFailureKind; readonly of?: string; readonly retryAfterMs?: number }
    | undefined;
  /** Scopes that lists leave out. */
  unreachable: readonly string[] = [];

  async page(collection: CollectionName, pageToken: string | undefined): Promise<Page> {
    this.#called(`list ${collection}`);
    const start = Number(pageToken ?? 0);
    const all = this.resources.everywhere(PROJECT, collection).map(({ resource }) => resource);
    const end = start + PAGE_SIZE;
    return {
      items: all.slice(start, end),
      nextPageToken: end < all.length ? String(end) : undefined,
      unreachable: this.unreachable,
    };
  }

  async health({ backendService, scope, group }: HealthQuery): Promise<unknown> {
    this.#called(`health ${backendService} ${nameOf(group)}`);
    const place = scope === "global" ? "global" : `regions/${scope}`;
    return this.resources.health(`projects/${PROJECT}/${place}/backendServices/${backendService}`, group);
  }

  async endpoints({ zone, name }: NegName): Promise<Page> {
    this.#called(`endpoints ${zone}/${name}`);
    const items = this.resources.endpoints(`projects/${PROJECT}/zones/${zone}/networkEndpointGroups/${name}`);
    return { items, nextPageToken: undefined, unreachable: [] };
  }

  async project(): Promise<unknown> {
    this.#called("project");
    return this.resources.project(PROJECT);
  }

  async region(name: string): Promise<unknown> {
    this.#called(`region ${name}`);
    return this.resources.get(`projects/${PROJECT}/regions/${name}`);
  }

  /** Calls so far whose name begins with a text. */
  count(beginning = ""): number {
    return this.calls.filter((call) => call.startsWith(beginning)).length;
  }

  #called(call: string): void {
    this.calls.push(call);
    const { failure } = this;
    if (failure === undefined || !call.startsWith(failure.of ?? "")) return;
    throw new ComputeFailure(failure.kind, failure.retryAfterMs);
  }
}
