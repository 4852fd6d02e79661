import { Gauge, type Registry } from "prom-client";

/** How reading Google Cloud stands. */
export interface GoogleState {
  /** `found`, `absent`, `refused`, `unreachable`, `not-needed`, or `pending` before the first look. */
  readonly credentials: string;
  readonly collections: Iterable<{
    readonly collection: string;
    /** `read`, or why it is not: `not-synced`, `forbidden`, `not-configured`, `failed`. */
    readonly state: string;
    /** Epoch milliseconds of the last complete answer; undefined before the first. */
    readonly lastReadAt?: number | undefined;
  }>;
  /** Resources of deleted objects that stay, by kind; undefined before they were looked for. */
  readonly leftovers?: Iterable<{ readonly kind: string; readonly count: number }> | undefined;
}

/** Adds gauges that ask `state` at every scrape. */
export function addGoogleMetrics(registry: Registry, state: () => GoogleState): void {
  const registers = [registry];
  new Gauge({
    name: "ingress_doctor_google_credentials",
    help: "1 for the state of Google credentials: found, absent, refused, unreachable, not-needed or pending.",
    labelNames: ["state"],
    registers,
    collect() {
      this.reset();
      this.set({ state: state().credentials }, 1);
    },
  });
  new Gauge({
    name: "ingress_doctor_google_leftover_resources",
    help: "Load balancer resources that this cluster made for objects that are gone, by kind; the log names them.",
    labelNames: ["kind"],
    registers,
    collect() {
      this.reset();
      for (const { kind, count } of state().leftovers ?? []) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: "ingress_doctor_google_last_read_timestamp_seconds",
    help: "When Google last answered for a collection as a whole; for health, for the backend service whose answer is oldest.",
    labelNames: ["collection"],
    registers,
    collect() {
      this.reset();
      for (const { collection, lastReadAt } of state().collections) {
        if (lastReadAt !== undefined) this.set({ collection }, lastReadAt / 1000);
      }
    },
  });
  new Gauge({
    name: "ingress_doctor_google_collection_state",
    help: "1 for the state of a collection: read, not-synced, forbidden, not-configured or failed.",
    labelNames: ["collection", "state"],
    registers,
    collect() {
      this.reset();
      for (const { collection, state: word } of state().collections) this.set({ collection, state: word }, 1);
    },
  });
}
