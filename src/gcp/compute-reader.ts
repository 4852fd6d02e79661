import { text } from "../model/json.ts";
import type { Clock, Logger } from "../reconciler/ports.ts";
import { readBackend } from "./backend-reads.ts";
import {
  COLLECTION_NAMES,
  type CollectionName,
  type ListedTypes,
  listPermission,
  PROJECTIONS,
  READ_PERMISSIONS,
} from "./collections.ts";
import type { ComputeApi, Page } from "./compute-api.ts";
import type { ComputeStore, PartKey } from "./compute-store.ts";
import { ComputeFailure, failureOfError } from "./errors.ts";
import { FAST_MS, LIST_MS, PollPace } from "./poll-pace.ts";
import { isNear } from "./project.ts";
import { projectQuotas } from "./projections/network.ts";
import { segment } from "./projections/resource.ts";
import type { ReadGate } from "./read-gate.ts";
import { ReadSchedule } from "./read-schedule.ts";

/** The API of the project that the cluster is in. */
export interface Connection {
  readonly api: ComputeApi;
  readonly region: string | undefined;
}

/** What a {@link ComputeReader} works with. */
export interface ReaderOptions {
  readonly store: ComputeStore;
  readonly gate: ReadGate;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between 0 and 1; keeps polls that began together apart. */
  readonly random: () => number;
  readonly callsPerMinute: number;
  /** Rejects with {@link ComputeFailure} while the project is not known. */
  readonly connect: () => Promise<Connection>;
  /** Called after the store changed: everywhere, or in the health of these backend services. */
  readonly onChange: (backends: readonly PartKey[] | "everything") => void;
}

const RANK = { list: 0, backend: 1 } as const;

/** A list longer than this is no list of one project's load balancers. */
const MAX_PAGES = 400;

/** Reads each collection once per interval for all Ingresses, and the health of the backends that are wanted. */
export class ComputeReader {
  readonly #options: ReaderOptions;
  readonly #schedule: ReadSchedule;
  readonly #pace: PollPace;
  readonly #lastPolled = new Map<PartKey, number>();

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#schedule = new ReadSchedule(options.clock);
    this.#pace = new PollPace(options.callsPerMinute);
    for (const name of COLLECTION_NAMES) {
      this.#schedule.add(name, RANK.list, () => this.#readCollection(name));
    }
    this.#schedule.add("quotas", RANK.list, () => this.#readQuotas());
  }

  start(): void {
    this.#schedule.start();
  }

  stop(): void {
    this.#schedule.stop();
  }

  /** Resolves when everything that is due by now was read or failed. */
  idle(): Promise<void> {
    return this.#schedule.idle();
  }

  /** Makes exactly these backend services' health be read; new ones at once. */
  want(backends: ReadonlySet<PartKey>): void {
    for (const key of this.#lastPolled.keys()) if (!backends.has(key)) this.#drop(key);
    for (const key of backends) {
      if (this.#lastPolled.has(key)) continue;
      this.#lastPolled.set(key, Number.NEGATIVE_INFINITY);
      this.#schedule.add(jobOf(key), RANK.backend, () => this.#readBackend(key));
    }
  }

  /** Looks at a backend service soon, because something about it changed. */
  hurry(backend: PartKey): void {
    const last = this.#lastPolled.get(backend) ?? Number.NEGATIVE_INFINITY;
    this.#schedule.hurry(jobOf(backend), Math.max(last + FAST_MS, this.#options.clock.monotonic()));
  }

  #drop(key: PartKey): void {
    this.#lastPolled.delete(key);
    this.#schedule.remove(jobOf(key));
    this.#pace.forget(key);
    this.#options.store.forgetHealth(key);
  }

  async #readCollection<K extends CollectionName>(name: K): Promise<number> {
    const { store, clock, logger, onChange } = this.#options;
    const permission = listPermission(name);
    try {
      const { items, pages } = await this.#listAll(permission, (api, token) => api.page(name, token));
      const project = PROJECTIONS[name] as (raw: unknown) => ListedTypes[K] | undefined;
      const projected = items.flatMap((raw) => project(raw) ?? []);
      if (store.replace(name, Object.freeze(projected), clock.now())) onChange("everything");
      return this.#pace.after("list", name, pages);
    } catch (error) {
      const failure = failureOfError(error);
      const differs = store.collection(name).fail(failure, permission, clock.monotonic());
      if (store.change(differs)) {
        logger.warn("a collection of Compute Engine cannot be read", { collection: name, why: failure.kind });
        onChange("everything");
      }
      return this.#retryIn(permission, LIST_MS);
    }
  }

  async #listAll(permission: string, read: (api: ComputeApi, token: string | undefined) => Promise<Page>) {
    const items: unknown[] = [];
    let token: string | undefined;
    for (let pages = 1; pages <= MAX_PAGES; pages++) {
      const [page, region] = await this.#options.gate.read(permission, async () => {
        const connection = await this.#options.connect();
        return [await read(connection.api, token), connection.region] as const;
      });
      if (page.unreachable.some((scope) => isNear(scope, region))) throw new ComputeFailure("partial");
      items.push(...page.items.filter((item) => isNear(scopeOf(item), region)));
      if (page.nextPageToken === undefined) return { items, pages };
      token = page.nextPageToken;
    }
    throw new ComputeFailure("malformed");
  }

  async #readQuotas(): Promise<number> {
    const { connect } = this.#options;
    await this.#readQuotasOf("project", READ_PERMISSIONS.project, ({ api }) => api.project());
    const region = await connect().then(
      (connection) => connection.region,
      () => undefined,
    );
    if (region !== undefined) {
      await this.#readQuotasOf(region, READ_PERMISSIONS.region, ({ api }) => api.region(region));
    }
    const calls = region === undefined ? 1 : 2;
    return this.#retryIn(READ_PERMISSIONS.project, this.#pace.after("list", "quotas", calls));
  }

  async #readQuotasOf(
    scope: string,
    permission: string,
    read: (connection: Connection) => Promise<unknown>,
  ): Promise<void> {
    const { store, gate, connect, clock, onChange } = this.#options;
    try {
      const answer = await gate.read(permission, async () => read(await connect()));
      if (store.replaceQuotas(scope, projectQuotas(answer, scope), clock.now())) onChange("everything");
    } catch (error) {
      const differs = store.quotas(scope).fail(failureOfError(error), permission, clock.monotonic());
      if (store.change(differs)) onChange("everything");
    }
  }

  async #readBackend(key: PartKey): Promise<number> {
    const { store, gate, clock, random, connect, onChange } = this.#options;
    this.#lastPolled.set(key, clock.monotonic());
    const { calls, differs, permission, isSettled } = await readBackend(key, { store, gate, clock, connect });
    if (differs) onChange([key]);
    if (!this.#lastPolled.has(key)) return LIST_MS;
    const pace = this.#pace.after(isSettled ? "slow" : "fast", key, calls) * (0.9 + 0.2 * random());
    return isSettled ? pace : this.#retryIn(permission, pace);
  }

  /** Milliseconds until a read is due again: as soon as it may be made, where it may not; else at its usual pace. */
  #retryIn(permission: string, usual: number): number {
    const { gate, clock } = this.#options;
    const blocked = gate.blockedUntil(permission) - clock.monotonic();
    return blocked > 0 ? blocked : usual;
  }
}

function jobOf(backend: PartKey): string {
  return `health ${backend}`;
}

/** Region or zone of a raw resource by its own URL, or `global`. */
function scopeOf(raw: unknown): string {
  const link = text(raw, "selfLink");
  return segment(link, "regions") || segment(link, "zones") || "global";
}
