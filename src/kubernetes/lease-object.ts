import { number, record, text } from "../model/json.ts";
import type { Clock } from "../reconciler/ports.ts";
import { failureOfError } from "./api-failure.ts";
import { microTime } from "./micro-time.ts";
import { type ApiClient, resourcePath } from "./transport.ts";

const LEASES = { group: "coordination.k8s.io", version: "v1", plural: "leases" };

/** A Lease as it was read or written. */
export interface StoredLease {
  readonly raw: object;
  readonly version: string;
  /** Empty when it was released. */
  readonly holder: string;
  readonly durationMs: number;
  readonly transitions: number;
}

/** Which Lease, and how to reach it. */
export interface LeaseAddress {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
}

/** Reads and writes one Lease. Rejects with `ApiFailure`; a write against an outdated version is a `conflict`. */
export class LeaseObject {
  readonly #address: LeaseAddress;
  readonly #timeoutMs: number;

  /** Every request has `timeoutMs`. */
  constructor(address: LeaseAddress, timeoutMs: number) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
  }

  /** The Lease, or undefined when there is none. */
  async read(signal?: AbortSignal): Promise<StoredLease | undefined> {
    const { client, namespace, name } = this.#address;
    try {
      const bounds = { timeoutMs: this.#timeoutMs, ...(signal === undefined ? {} : { signal }) };
      return storedLease(
        await client.call({ method: "GET", path: resourcePath(LEASES, namespace, name), ...bounds }),
      );
    } catch (error) {
      const failure = failureOfError(error);
      if (failure.kind === "not-found" && failure.reason === "NotFound") return undefined;
      throw failure;
    }
  }

  /** Takes or renews the Lease for `identity`; creates it when `previous` is undefined. */
  async hold(previous: StoredLease | undefined, identity: string, durationMs: number): Promise<StoredLease> {
    const at = microTime(this.#address.clock.now());
    const transitions = previous === undefined ? 0 : previous.transitions + 1;
    const taken = previous?.holder === identity ? {} : { acquireTime: at, leaseTransitions: transitions };
    const leaseDurationSeconds = Math.ceil(durationMs / 1_000);
    return this.#write(previous, { holderIdentity: identity, leaseDurationSeconds, renewTime: at, ...taken });
  }

  /** Empties the Lease, so that another may take it at once. */
  async release(previous: StoredLease): Promise<void> {
    const renewTime = microTime(this.#address.clock.now());
    await this.#write(previous, { holderIdentity: "", leaseDurationSeconds: 1, renewTime });
  }

  /** Never cut short by a caller's signal: a write whose outcome is unknown could not be released. */
  async #write(previous: StoredLease | undefined, spec: object): Promise<StoredLease> {
    const { client, namespace, name } = this.#address;
    const answer = await client.call({
      method: previous === undefined ? "POST" : "PUT",
      path: resourcePath(LEASES, namespace, previous === undefined ? undefined : name),
      body: {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        // The read version among the metadata makes the server refuse the write when somebody else was faster.
        metadata: record(previous?.raw, "metadata") ?? { name, namespace },
        spec: { ...record(previous?.raw, "spec"), ...spec },
      },
      timeoutMs: this.#timeoutMs,
    });
    return storedLease(answer);
  }
}

function storedLease(raw: unknown): StoredLease {
  const spec = record(raw, "spec");
  return {
    raw: typeof raw === "object" && raw !== null ? raw : {},
    version: text(record(raw, "metadata"), "resourceVersion") ?? "",
    holder: text(spec, "holderIdentity") ?? "",
    durationMs: (number(spec, "leaseDurationSeconds") ?? 0) * 1_000,
    transitions: number(spec, "leaseTransitions") ?? 0,
  };
}
