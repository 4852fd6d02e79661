import type { Ingress } from "../model/ingress.ts";
import type { Node } from "../model/pod.ts";
import type { AdapterMetrics, Clock, CloudReader, Lister, Logger } from "../reconciler/ports.ts";
import { SharedCloudReader } from "./cloud-reader.ts";
import { ClientComputeApi } from "./compute-api.ts";
import { ComputeClients } from "./compute-clients.ts";
import { ComputeReader, type Connection } from "./compute-reader.ts";
import { ComputeStore, type Reading } from "./compute-store.ts";
import { ComputeTransport } from "./compute-transport.ts";
import { anonymous, type Credentials, type CredentialsState, GoogleCredentials } from "./credentials.ts";
import { type Endpoint, isEmulator } from "./endpoint.ts";
import { ComputeFailure, unknownOf } from "./errors.ts";
import { type Holdings, holdingsOf } from "./join.ts";
import { readMetadata } from "./metadata.ts";
import { findPlace, type ProjectPlace } from "./project.ts";
import { ReadGate } from "./read-gate.ts";
import { NOT_READ } from "./tracked.ts";

/** Requests in any minute: a fifth of Compute Engine's default read quota of a project. */
export const CALLS_PER_MINUTE = 300;

/** How long the place stays unknown before it is looked for again. */
const PLACE_RECHECK_MS = 60_000;

const NODES_LOOK_MS = 200;
const NODES_TIMEOUT_MS = 30_000;

/** What the adapter works with. */
export interface GoogleCloudOptions {
  /** Undefined to find it out. */
  readonly project: string | undefined;
  /** Undefined to find it out. */
  readonly region: string | undefined;
  /** Undefined for Google's own; with plain HTTP it is an emulator, which needs no credentials. */
  readonly endpoint: Endpoint | undefined;
  /** Whether the project and zone of this machine stand for the cluster's. @defaultValue true */
  readonly isInCluster?: boolean;
  /** Where the cluster is, if nothing else tells. */
  readonly fallback?: ProjectPlace | undefined;
  readonly nodes: Pick<Lister<Node>, "all">;
  readonly ingresses: Pick<Lister<Ingress>, "get">;
  readonly clock: Clock;
  readonly metrics: AdapterMetrics;
  readonly logger: Logger;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** @defaultValue {@link CALLS_PER_MINUTE} */
  readonly callsPerMinute?: number;
  /** How many times more often everything is read, and what may pass tried again. @defaultValue 1 */
  readonly haste?: number;
  /** @defaultValue Application Default Credentials, none for an emulator */
  readonly credentials?: Credentials;
}

/** The Google Cloud adapter, wired: reads the cluster's project in the background and answers from memory. */
export class GoogleCloud {
  /** The port that diagnoses read. */
  readonly reader: CloudReader;
  readonly #options: GoogleCloudOptions;
  readonly #credentials: Credentials;
  readonly #clients: ComputeClients;
  readonly #store: ComputeStore;
  readonly #reads: ComputeReader;
  #place: ProjectPlace | undefined;
  #connection: Promise<Connection> | undefined;
  #nextLook = 0;
  #cancelLook: (() => void) | undefined;

  constructor(options: GoogleCloudOptions) {
    this.#options = options;
    const { metrics, logger, random, endpoint, callsPerMinute = CALLS_PER_MINUTE, haste = 1 } = options;
    const isLocal = endpoint !== undefined && isEmulator(endpoint);
    const credentials = options.credentials ?? (isLocal ? anonymous : new GoogleCredentials(options.clock));
    this.#credentials = credentials;
    const transport = new ComputeTransport({
      credentials,
      clock: options.clock,
      metrics,
      callsPerMinute: callsPerMinute * haste,
    });
    const clock = hastened(options.clock, haste);
    this.#clients = new ComputeClients(transport, endpoint);
    const store = new ComputeStore(() => this.#place?.project ?? "");
    this.#store = store;
    const reader = new SharedCloudReader({
      store,
      clock,
      pending: () => {
        const failure = credentials.failure();
        return failure === undefined ? NOT_READ : unknownOf(failure, "");
      },
      ingresses: options.ingresses,
      want: (backends) => this.#reads.want(backends),
      hurry: (backend) => this.#reads.hurry(backend),
    });
    this.#reads = new ComputeReader({
      store,
      gate: new ReadGate({ credentials, clock, random }),
      clock,
      logger,
      random,
      callsPerMinute,
      connect: () => this.#connect(),
      onChange: (backends) => reader.changed(backends),
    });
    this.reader = reader;
  }

  /** How reading stands: the credentials, and each collection. */
  state(): { readonly credentials: CredentialsState; readonly collections: Iterable<Reading> } {
    return { credentials: this.#credentials.state(), collections: this.#store.readings() };
  }

  /** What the whole project holds, whoever it belongs to; diagnoses read {@link reader}. */
  holdings(): Holdings {
    return holdingsOf(this.#store.index());
  }

  /** Looks for credentials, so that the first diagnosis can already say that there are none. Returns at once. */
  prepare(): void {
    this.#credentials.headers().catch(() => undefined);
  }

  /** Starts reading, once the nodes had time to be listed: they tell where to read. Returns at once. */
  start(): void {
    const { clock, nodes } = this.#options;
    const giveUpAt = clock.monotonic() + NODES_TIMEOUT_MS;
    const look = () => {
      const all = nodes.all();
      const isWaiting = !all.known && all.reason === "not-synced" && clock.monotonic() < giveUpAt;
      if (isWaiting) this.#cancelLook = clock.after(NODES_LOOK_MS, look);
      else this.#reads.start();
    };
    look();
  }

  /** Resolves when everything that is due by now was read or failed. */
  idle(): Promise<void> {
    return this.#reads.idle();
  }

  /** Starts no more reads; the few under way end by themselves. */
  stop(): void {
    this.#cancelLook?.();
    this.#reads.stop();
  }

  #connect(): Promise<Connection> {
    const now = this.#options.clock.monotonic();
    if (this.#connection === undefined || (this.#place === undefined && now >= this.#nextLook)) {
      this.#nextLook = now + PLACE_RECHECK_MS;
      this.#connection = this.#findConnection();
    }
    return this.#connection;
  }

  async #findConnection(): Promise<Connection> {
    const { project, region, nodes, clock, endpoint, logger, isInCluster = true, fallback } = this.#options;
    const asksMachine = isInCluster && !(endpoint !== undefined && isEmulator(endpoint));
    const found = await findPlace({
      configured: { project, region },
      nodes: () => {
        const all = nodes.all();
        return all.known ? all.value : [];
      },
      metadata: (path) => (asksMachine ? readMetadata(path, clock) : Promise.resolve(undefined)),
    });
    const place = found ?? fallback;
    if (place === undefined) throw new ComputeFailure("no-project");
    this.#place = place;
    logger.info("reading load balancers", { project: place.project, region: place.region });
    return { api: new ClientComputeApi(this.#clients, place.project), region: place.region };
  }
}

/** A clock by which more time passes; the time of day stays what it is. */
function hastened(clock: Clock, factor: number): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() * factor,
    after: (milliseconds, callback) => clock.after(milliseconds / factor, callback),
  };
}
