import type { Ingress } from "../model/ingress.ts";
import { known, type Observed, unknown } from "../model/observed.ts";
import type { ProbeResult, ProbeTarget } from "../model/probe.ts";
import { type ObjectKey, objectKey, refKey } from "../model/refs.ts";
import type { Clock, Listers, Prober } from "../reconciler/ports.ts";
import { isAllowedAddress } from "./allowed-address.ts";
import { ask } from "./ask.ts";
import { type Connect, connectDirectly, DEADLINE_MS } from "./exchange.ts";

/** Requests that are under way at the same time. */
const CONCURRENCY = 8;

/** An answer is asked for again when somebody wants it after this time, in milliseconds. */
const FRESH_MS = 60_000;

/** Answers that nobody has wanted for this long are forgotten, in milliseconds. */
const FORGOTTEN_MS = 30 * 60_000;

/** Most requests for one Ingress, whatever its backends: bounds what a large one costs the others. */
const MAX_TARGETS = 60;

/** What a prober works with. */
export interface PodProberOptions {
  readonly listers: Listers;
  readonly clock: Clock;
  /** What would be asked for an Ingress now; called rarely, never during a read of results. */
  readonly plan: (ingress: Ingress) => readonly ProbeTarget[];
  /** Addresses of the API server, which no request may go to. */
  readonly apiServer: readonly string[];
  /** @defaultValue connects to the address itself */
  readonly connect?: Connect;
  /** Longest that one request takes, in milliseconds. @defaultValue 3,000 */
  readonly deadlineMs?: number;
}

interface Entry {
  results: readonly ProbeResult[] | undefined;
  /** Monotonic milliseconds of the last answers. */
  asked: number;
  wanted: number;
  busy: boolean;
}

/**
 * Asks pods of unhealthy backends what Google's prober asks them, and keeps the answers for a while.
 *
 * Reading results starts the asking; subscribers hear when the answers differ from those before. Every address
 * is held against the caches right before the connection is made, whoever planned it.
 */
export class PodProber implements Prober {
  readonly #options: PodProberOptions;
  readonly #entries = new Map<ObjectKey, Entry>();
  readonly #listeners: ((keys: readonly ObjectKey[]) => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #stopped = false;

  constructor(options: PodProberOptions) {
    this.#options = options;
  }

  results(ingress: Ingress): Observed<readonly ProbeResult[]> {
    const now = this.#options.clock.monotonic();
    const entry = this.#entryOf(refKey(ingress.ref), now);
    const isDue = entry.results === undefined || now - entry.asked >= FRESH_MS;
    if (isDue && !entry.busy && !this.#stopped) {
      entry.busy = true;
      // Reading results is part of a diagnosis, which must not wait for the planning of another one.
      this.#options.clock.after(0, () => void this.#refresh(ingress, entry));
    }
    return entry.results === undefined
      ? unknown("probes", "not-synced", "the first answers of the pods")
      : known(entry.results);
  }

  subscribe(listener: (keys: readonly ObjectKey[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Starts no more requests; those under way end within their deadline. */
  stop(): void {
    this.#stopped = true;
  }

  #entryOf(key: ObjectKey, now: number): Entry {
    const entry = this.#entries.get(key) ?? { results: undefined, asked: 0, wanted: now, busy: false };
    entry.wanted = now;
    // Set anew, so that the least wanted stand first.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [other, { wanted, busy }] of this.#entries) {
      if (busy || now - wanted < FORGOTTEN_MS) break;
      this.#entries.delete(other);
    }
    return entry;
  }

  async #refresh(ingress: Ingress, entry: Entry): Promise<void> {
    const before = entry.results;
    const targets = this.#plan(ingress);
    const { namespace } = ingress.ref;
    entry.results = await Promise.all(targets.map((target) => this.#probe(target, namespace)));
    entry.asked = this.#options.clock.monotonic();
    entry.busy = false;
    if (this.#stopped || JSON.stringify(before) === JSON.stringify(entry.results)) return;
    for (const listener of this.#listeners) listener([refKey(ingress.ref)]);
  }

  /** A plan that fails costs the answers, not the process. */
  #plan(ingress: Ingress): readonly ProbeTarget[] {
    try {
      return this.#stopped ? [] : this.#options.plan(ingress).slice(0, MAX_TARGETS);
    } catch {
      return [];
    }
  }

  async #probe(target: ProbeTarget, namespace: string): Promise<ProbeResult> {
    await this.#enter();
    try {
      // Looked at only now: while it waited, the pod may have gone and its address to somebody else.
      if (!this.#isAllowed(target, namespace)) return { ...target, outcome: { kind: "blocked" } };
      const { connect = connectDirectly, deadlineMs = DEADLINE_MS } = this.#options;
      const patience = Math.min(deadlineMs, target.timeoutSec * 1000);
      return { ...target, outcome: await ask(target, { connect, deadlineMs: patience }) };
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < CONCURRENCY) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A place is handed over, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  #isAllowed(target: ProbeTarget, namespace: string): boolean {
    const { listers, apiServer } = this.#options;
    const pod = listers.pods.get(objectKey(namespace, target.pod));
    const slices = listers.endpointSlices.ofService(objectKey(namespace, target.service));
    const nodes = listers.nodes.all();
    // A Pod's own address cannot be checked against what is not known; then nobody is asked.
    if (!pod.known || !slices.known || !nodes.known) return false;
    return isAllowedAddress(target, {
      namespace,
      pod: pod.value,
      slices: slices.value,
      nodes: nodes.value,
      apiServer: [...apiServer, ...this.#apiServerEndpoints()],
    });
  }

  /** Where the API server really listens, as its own EndpointSlice says; unknown where that is not watched. */
  #apiServerEndpoints(): readonly string[] {
    const slices = this.#options.listers.endpointSlices.ofService("default/kubernetes");
    if (!slices.known) return [];
    return slices.value.flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses));
  }
}
