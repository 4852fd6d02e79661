import { SharedCloudReader } from "../../src/gcp/cloud-reader.ts";
import { ClientComputeApi } from "../../src/gcp/compute-api.ts";
import { ComputeClients } from "../../src/gcp/compute-clients.ts";
import { ComputeReader } from "../../src/gcp/compute-reader.ts";
import { ComputeStore } from "../../src/gcp/compute-store.ts";
import { ComputeTransport } from "../../src/gcp/compute-transport.ts";
import { anonymous } from "../../src/gcp/credentials.ts";
import { parseEndpoint } from "../../src/gcp/endpoint.ts";
import { ReadGate } from "../../src/gcp/read-gate.ts";
import { NOT_READ } from "../../src/gcp/tracked.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { known, type Observed } from "../../src/model/observed.ts";
import type { ObjectKey } from "../../src/model/refs.ts";
import type { AdapterMetrics, Clock, Logger } from "../../src/reconciler/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";

const PROJECT = "lab-project";

/** What recordings leave out; answering that there is none would be false. */
const NEVER_RECORDED = ["SslPolicies", "Projects"];

/** No cap: the emulator has no quota. */
const CALLS_PER_MINUTE = 10_000_000;

/** What Google held when a recording was made, read again by the real client from an emulator. */
export class RecordedCloud {
  readonly #emulator = new ComputeEmulator();
  #api: ClientComputeApi | undefined;

  /** Starts the emulator. */
  async start(): Promise<void> {
    const transport = new ComputeTransport({
      credentials: anonymous,
      clock: systemClock,
      metrics: NO_METRICS,
      callsPerMinute: CALLS_PER_MINUTE,
    });
    const endpoint = parseEndpoint(await this.#emulator.start());
    this.#api = new ClientComputeApi(new ComputeClients(transport, endpoint), PROJECT);
  }

  async stop(): Promise<void> {
    await this.#emulator.stop();
  }

  /** Requests answered so far. */
  get calls(): number {
    return this.#emulator.count();
  }

  /**
   * Reads the load balancer of each Ingress from the Compute API objects of a recording.
   *
   * @param compute a recording's `gcp.json`
   * @param readAt the time to say it was read at
   */
  async observe(
    compute: Readonly<Record<string, unknown>>,
    ingresses: readonly { readonly ingress: Ingress; readonly services: readonly ObjectKey[] }[],
    readAt: number,
  ): Promise<readonly Observed<LoadBalancer>[]> {
    const api = this.#api;
    if (api === undefined) throw new Error("start() comes before observe().");
    this.#emulator.resources.load(compute);
    this.#emulator.fail(...NEVER_RECORDED.map((rpc) => ({ fault: "forbidden" as const, rpc })));
    const { reader, reads } = connectReader(api, { ...systemClock, now: () => readAt });
    const observe = () => ingresses.map(({ ingress, services }) => reader.observe(ingress, services));
    reads.start();
    await reads.idle();
    // The collections tell which backend services the Ingresses have; their health is read next.
    observe();
    await reads.idle();
    reads.stop();
    return observe();
  }
}

function connectReader(api: ClientComputeApi, clock: Clock) {
  const store = new ComputeStore(() => PROJECT);
  const reader = new SharedCloudReader({
    store,
    clock,
    pending: () => NOT_READ,
    ingresses: { get: () => known(undefined) },
    want: (backends) => reads.want(backends),
    hurry: () => undefined,
  });
  const reads: ComputeReader = new ComputeReader({
    store,
    gate: new ReadGate({ credentials: anonymous, clock, random: () => 0.5 }),
    clock,
    logger: NO_LOG,
    random: () => 0.5,
    callsPerMinute: CALLS_PER_MINUTE,
    connect: () => Promise.resolve({ api, region: undefined }),
    onChange: () => undefined,
  });
  return { reader, reads };
}

const ignore = (): void => undefined;
const NO_METRICS: AdapterMetrics = { requestFinished: ignore, watchEnded: ignore, listed: ignore };
const NO_LOG: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
