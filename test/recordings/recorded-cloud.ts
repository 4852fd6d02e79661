import { ClientComputeApi } from "../../src/gcp/compute-api.ts";
import { ComputeClients } from "../../src/gcp/compute-clients.ts";
import { ComputeTransport } from "../../src/gcp/compute-transport.ts";
import { anonymous } from "../../src/gcp/credentials.ts";
import { parseEndpoint } from "../../src/gcp/endpoint.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import type { Observed } from "../../src/model/observed.ts";
import type { ObjectKey } from "../../src/model/refs.ts";
import type { AdapterMetrics } from "../../src/reconciler/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { readOnce, UNCAPPED } from "../gcp/read-once.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";

const PROJECT = "lab-project";

/** What recordings leave out; answering that there is none would be false. */
const NEVER_RECORDED = ["SslPolicies", "Projects"];

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
      callsPerMinute: UNCAPPED,
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
    return readOnce({ api, project: PROJECT, readAt }, ingresses);
  }
}

const ignore = (): void => undefined;
const NO_METRICS: AdapterMetrics = {
  requestFinished: ignore,
  requestDelayed: ignore,
  watchEnded: ignore,
  listed: ignore,
};
