import { SharedCloudReader } from "../../src/gcp/cloud-reader.ts";
import { ComputeReader } from "../../src/gcp/compute-reader.ts";
import { ComputeStore } from "../../src/gcp/compute-store.ts";
import { anonymous, type Credentials } from "../../src/gcp/credentials.ts";
import { ReadGate } from "../../src/gcp/read-gate.ts";
import { NOT_READ } from "../../src/gcp/tracked.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { known, type Observed } from "../../src/model/observed.ts";
import { type ObjectKey, refKey } from "../../src/model/refs.ts";
import type { Logger } from "../../src/reconciler/ports.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { PROJECT } from "./compute-resources.ts";
import { MemoryComputeApi } from "./memory-compute-api.ts";

const ignore = (): void => undefined;
const NO_LOG: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What a test may choose. */
export interface HarnessOptions {
  readonly credentials?: Credentials;
  readonly region?: string;
  readonly callsPerMinute?: number;
}

/** The shared reader in simulated time, above an API in memory, with Ingresses asked about as a controller does. */
export class ReaderHarness {
  readonly clock = new FakeClock();
  readonly api = new MemoryComputeApi();
  /** Keys that subscribers were told, in order. */
  readonly told: ObjectKey[] = [];
  readonly #ingresses = new Map<ObjectKey, { ingress: Ingress; services: readonly ObjectKey[] }>();
  readonly #reader: SharedCloudReader;
  readonly #reads: ComputeReader;

  constructor({ credentials = anonymous, region, callsPerMinute = 300 }: HarnessOptions = {}) {
    const store = new ComputeStore(() => PROJECT);
    const { clock } = this;
    this.#reader = new SharedCloudReader({
      store,
      clock,
      pending: () => NOT_READ,
      ingresses: { get: (key) => known(this.#ingresses.get(key)?.ingress) },
      want: (backends) => this.#reads.want(backends),
      hurry: (backend) => this.#reads.hurry(backend),
    });
    this.#reads = new ComputeReader({
      store,
      gate: new ReadGate({ credentials, clock, random: () => 0.5 }),
      clock,
      logger: NO_LOG,
      random: () => 0.5,
      callsPerMinute,
      connect: () => Promise.resolve({ api: this.api, region }),
      onChange: (backends) => this.#reader.changed(backends),
    });
    // A controller asks again about every Ingress whose answer changed.
    this.#reader.subscribe((keys) => {
      this.told.push(...keys);
      for (const key of keys) this.ask(key);
    });
  }

  /** Adds an Ingress, asks about it, and answers its key. */
  add(ingress: Ingress, services: readonly ObjectKey[]): ObjectKey {
    const key = refKey(ingress.ref);
    this.#ingresses.set(key, { ingress, services });
    this.ask(key);
    return key;
  }

  /** Deletes an Ingress. */
  remove(key: ObjectKey): void {
    this.#ingresses.delete(key);
  }

  /** Asks about an Ingress. */
  ask(key: ObjectKey): Observed<LoadBalancer> | undefined {
    const found = this.#ingresses.get(key);
    return found && this.#reader.observe(found.ingress, found.services);
  }

  start(): void {
    this.#reads.start();
  }

  /** Lets time pass; reads finish at once in it. */
  pass(milliseconds: number): Promise<void> {
    return this.clock.pass(milliseconds);
  }

  /** The answer for an Ingress, which must be known. */
  balancer(key: ObjectKey): LoadBalancer {
    const observed = this.ask(key);
    if (!observed?.known) throw new Error(`Nothing is known of ${key}: ${JSON.stringify(observed)}`);
    return observed.value;
  }

  /** States of the endpoints of an Ingress' backend services; the reason where health is unknown. */
  states(key: ObjectKey): readonly string[] {
    const { backendServices } = this.balancer(key);
    if (!backendServices.known) return [backendServices.reason];
    return backendServices.value.flatMap(({ health }) =>
      health.known ? health.value.map(({ state }) => state) : [health.reason],
    );
  }
}
