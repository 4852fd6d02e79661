import { isDeepStrictEqual } from "node:util";
import type { Ingress } from "../model/ingress.ts";
import type { LoadBalancer } from "../model/load-balancer.ts";
import { known, type Observed, type Unknown } from "../model/observed.ts";
import { type ObjectKey, refKey } from "../model/refs.ts";
import type { Clock, CloudReader, Lister } from "../reconciler/ports.ts";
import { backendKey, type ComputeStore, type PartKey } from "./compute-store.ts";
import { joinLoadBalancer } from "./join.ts";

/** What was last answered about one Ingress. */
interface Answered {
  readonly ingress: Ingress;
  readonly services: readonly ObjectKey[];
  readonly observed: Observed<LoadBalancer>;
  readonly backends: readonly PartKey[];
}

/** What a {@link SharedCloudReader} works with. */
export interface CloudReaderOptions {
  readonly store: ComputeStore;
  readonly clock: Clock;
  /** What to answer before the first lists: nothing was read yet, or why nothing will be. */
  readonly pending: () => Unknown;
  /** Tells which Ingresses still exist; those that do not are forgotten. */
  readonly ingresses: Pick<Lister<Ingress>, "get">;
  /** Takes the backend services whose health is of interest. */
  readonly want: (backends: ReadonlySet<PartKey>) => void;
  /** Takes a backend service of an Ingress that something happened to. */
  readonly hurry: (backend: PartKey) => void;
}

/** Changes are answered together: a round of lists ends within this time more often than not. */
const COLLECT_MS = 500;

/**
 * Joins what was read to Ingresses, and tells which of their answers changed.
 *
 * An Ingress is known from the first time somebody asks about it, until it is gone.
 */
export class SharedCloudReader implements CloudReader {
  readonly #options: CloudReaderOptions;
  readonly #answered = new Map<ObjectKey, Answered>();
  readonly #users = new Map<PartKey, Set<ObjectKey>>();
  readonly #listeners: ((keys: readonly ObjectKey[]) => void)[] = [];
  #stale: Set<PartKey> | "everything" = new Set();
  #isCollecting = false;

  constructor(options: CloudReaderOptions) {
    this.#options = options;
  }

  observe(ingress: Ingress, services: readonly ObjectKey[]): Observed<LoadBalancer> {
    const answer = this.#answer(ingress, services);
    if (this.#remember(refKey(ingress.ref), answer)) this.#options.want(new Set(this.#users.keys()));
    // Somebody asks because the Ingress or something behind it changed.
    for (const backend of answer.backends) this.#options.hurry(backend);
    return answer.observed;
  }

  subscribe(listener: (keys: readonly ObjectKey[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes note that the store changed, everywhere or in these backend services; listeners hear of it soon. */
  changed(backends: readonly PartKey[] | "everything"): void {
    if (backends === "everything") this.#stale = backends;
    else if (this.#stale !== "everything") for (const key of backends) this.#stale.add(key);
    if (this.#isCollecting) return;
    this.#isCollecting = true;
    this.#options.clock.after(COLLECT_MS, () => this.#publish());
  }

  #publish(): void {
    this.#isCollecting = false;
    const keys = this.#stale === "everything" ? [...this.#answered.keys()] : this.#usersOf(this.#stale);
    this.#stale = new Set();
    let isWantedNew = false;
    const changed = keys.filter((key) => {
      const before = this.#answered.get(key);
      if (before === undefined) return false;
      if (this.#isGone(key)) {
        isWantedNew = this.#forget(key) || isWantedNew;
        return false;
      }
      const after = this.#answer(before.ingress, before.services);
      isWantedNew = this.#remember(key, after) || isWantedNew;
      return !isSameAnswer(before.observed, after.observed);
    });
    if (isWantedNew) this.#options.want(new Set(this.#users.keys()));
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
  }

  #answer(ingress: Ingress, services: readonly ObjectKey[]): Answered {
    const { store, pending } = this.#options;
    if (store.isPending) return { ingress, services, observed: pending(), backends: [] };
    const balancer = joinLoadBalancer(store.index(), ingress, services);
    const { backendServices } = balancer;
    const backends = backendServices.known ? backendServices.value.map(backendKey) : [];
    return { ingress, services, observed: wholeOf(balancer), backends };
  }

  /** Files an answer; answers whether the set of wanted backend services differs. */
  #remember(key: ObjectKey, answer: Answered): boolean {
    const before = this.#answered.get(key)?.backends ?? [];
    this.#answered.set(key, answer);
    if (isDeepStrictEqual(before, answer.backends)) return false;
    this.#unfile(key, before);
    for (const backend of answer.backends) {
      const users = this.#users.get(backend);
      if (users === undefined) this.#users.set(backend, new Set([key]));
      else users.add(key);
    }
    return true;
  }

  #forget(key: ObjectKey): boolean {
    const backends = this.#answered.get(key)?.backends ?? [];
    this.#answered.delete(key);
    this.#unfile(key, backends);
    return backends.length > 0;
  }

  #unfile(key: ObjectKey, backends: readonly PartKey[]): void {
    for (const backend of backends) {
      const users = this.#users.get(backend);
      users?.delete(key);
      if (users?.size === 0) this.#users.delete(backend);
    }
  }

  #usersOf(backends: ReadonlySet<PartKey>): ObjectKey[] {
    return [...new Set([...backends].flatMap((backend) => [...(this.#users.get(backend) ?? [])]))];
  }

  #isGone(key: ObjectKey): boolean {
    const found = this.#options.ingresses.get(key);
    return found.known && found.value === undefined;
  }
}

/** One unknown where nothing at all could be read for one reason, so that the diagnosis says it once. */
function wholeOf(balancer: LoadBalancer): Observed<LoadBalancer> {
  const parts = partsOf(balancer);
  const [first] = parts;
  const isUnread = first?.known === false && parts.every((part) => !part.known && part.needs === first.needs);
  return isUnread ? (first as Unknown) : known(balancer);
}

function partsOf(balancer: LoadBalancer): readonly Observed<readonly unknown[]>[] {
  const { readAt: _readAt, project: _project, ...parts } = balancer;
  return Object.values(parts);
}

/** Whether two answers say the same, by identity of their items: unchanged ones stay the same objects. */
function isSameAnswer(a: Observed<LoadBalancer>, b: Observed<LoadBalancer>): boolean {
  if (!a.known || !b.known) return isDeepStrictEqual(a, b);
  const [before, after] = [partsOf(a.value), partsOf(b.value)];
  return before.every((part, index) => isSamePart(part, after[index]));
}

function isSamePart(a: Observed<readonly unknown[]>, b: Observed<readonly unknown[]> | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || !a.known || !b.known) return isDeepStrictEqual(a, b);
  const other = b.value;
  return a.value.length === other.length && a.value.every((item, index) => item === other[index]);
}
