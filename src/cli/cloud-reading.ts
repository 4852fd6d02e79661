import { GoogleCloud } from "../gcp/google-cloud.ts";
import type { GoogleConfig } from "../gcp/google-options.ts";
import type { ProjectPlace } from "../gcp/project.ts";
import { type Observed, unknown } from "../model/observed.ts";
import type { Node } from "../model/pod.ts";
import type { Clock, CloudReader } from "../reconciler/ports.ts";
import { NO_LOG, NO_METRICS } from "./silence.ts";

/** A command waits for Google's first answers no longer than this. */
export const GOOGLE_DEADLINE_MS = 20_000;

/**
 * Requests in any minute. Compute Engine's default read quota of a project is 1,500, and a controller in the
 * cluster may use 300 of them.
 */
const CALLS_PER_MINUTE = 1_000;

/** What a {@link CloudReading} works with. */
export interface CloudReadingOptions {
  readonly google: GoogleConfig;
  /** Where the kubeconfig says that the cluster is, for clusters whose nodes may not be listed. */
  readonly place: ProjectPlace | undefined;
  /** Asked from {@link CloudReading.readFor} on. */
  readonly nodes: () => Observed<readonly Node[]>;
  readonly clock: Clock;
}

/** Google Cloud as a command reads it: for the Ingresses it is about, and waited for within bounds. */
export class CloudReading {
  /** For diagnoses; it knows nothing before {@link CloudReading.readFor}. */
  readonly reader: CloudReader;
  readonly #clock: Clock;
  readonly #cloud: GoogleCloud;
  #isLate = false;

  constructor({ google, place, nodes, clock }: CloudReadingOptions) {
    this.#clock = clock;
    skipForeignMetadataServers();
    this.#cloud = new GoogleCloud({
      ...google,
      region: undefined,
      isInCluster: false,
      fallback: place,
      nodes: { all: nodes },
      ingresses: STILL_THERE,
      clock,
      metrics: NO_METRICS,
      logger: NO_LOG,
      random: Math.random,
      callsPerMinute: CALLS_PER_MINUTE,
    });
    const { reader } = this.#cloud;
    this.reader = {
      observe: (ingress, services) => this.#inWords(reader.observe(ingress, services)),
      subscribe: (listener) => reader.subscribe(listener),
    };
  }

  /** Looks for credentials while other things are read. Returns at once. */
  prepare(): void {
    this.#cloud.prepare();
  }

  /**
   * Starts to read, and comes back when everything was read or has failed once, at the latest after
   * {@link GOOGLE_DEADLINE_MS}. Never rejects.
   *
   * @param observe asks {@link reader} about each Ingress of interest, which tells whose health is to be read
   */
  async readFor(observe: () => void): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.after(GOOGLE_DEADLINE_MS, () => {
        this.#isLate = true;
        resolve();
      });
    });
    this.#cloud.start();
    await Promise.race([this.#cloud.idle(), late]);
    observe();
    await Promise.race([this.#cloud.idle(), late]);
    cancel();
  }

  /** Starts no more reads. */
  stop(): void {
    this.#cloud.stop();
  }

  #inWords<T>(observed: Observed<T>): Observed<T> {
    if (observed.known || observed.reason !== "not-synced" || !this.#isLate) return observed;
    const seconds = GOOGLE_DEADLINE_MS / 1000;
    return unknown("loadBalancer", "failed", `an answer of the Compute Engine API within ${seconds} s`);
  }
}

/**
 * Outside Google's machines the search for a metadata server takes three seconds and finds nothing, so the
 * library is told to look at the machine first; unless the user has said where that server is.
 */
function skipForeignMetadataServers(env: NodeJS.ProcessEnv = process.env): void {
  if (env.GCE_METADATA_HOST || env.GCE_METADATA_IP) return;
  env.METADATA_SERVER_DETECTION ??= "bios-only";
}

/** Load balancers are forgotten with their Ingress, which no command lives long enough for. */
const STILL_THERE = { get: () => unknown("ingresses", "not-synced", "a command that goes on") };
