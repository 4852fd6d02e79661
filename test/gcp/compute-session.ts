import { ClientComputeApi } from "../../src/gcp/compute-api.ts";
import { ComputeClients } from "../../src/gcp/compute-clients.ts";
import { ComputeTransport } from "../../src/gcp/compute-transport.ts";
import { anonymous, type Credentials } from "../../src/gcp/credentials.ts";
import { parseEndpoint } from "../../src/gcp/endpoint.ts";
import type { AdapterMetrics, Clock } from "../../src/reconciler/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";

/** Requests finished, as `verb code`. */
export class RecordedMetrics implements AdapterMetrics {
  readonly requests: string[] = [];
  /** Seconds that requests waited for the rate cap. */
  readonly delayed: number[] = [];

  requestFinished(client: string, verb: string, code: string, _seconds: number): void {
    this.requests.push(`${client} ${verb} ${code}`);
  }

  requestDelayed(_client: string, seconds: number): void {
    this.delayed.push(seconds);
  }

  watchEnded(): void {
    throw new Error("The Compute adapter watches nothing.");
  }

  listed(): void {
    throw new Error("The Compute adapter lists no Kubernetes kind.");
  }
}

/** What a test may choose of the way to the API. */
export interface SessionOptions {
  readonly credentials?: Credentials;
  readonly clock?: Clock;
  readonly callsPerMinute?: number;
  readonly project?: string;
  readonly maxBody?: number;
}

/** The real client library, talking to the emulator at `base`. */
export function computeSession(base: string, options: SessionOptions = {}) {
  const metrics = new RecordedMetrics();
  const transport = new ComputeTransport({
    credentials: options.credentials ?? anonymous,
    clock: options.clock ?? systemClock,
    metrics,
    callsPerMinute: options.callsPerMinute ?? 1_000_000,
    ...(options.maxBody === undefined ? {} : { maxBody: options.maxBody }),
  });
  const clients = new ComputeClients(transport, parseEndpoint(base));
  const api = new ClientComputeApi(clients, options.project ?? "lab-project");
  return { api, transport, metrics, clients };
}
