import { findLeftovers, type Holdings, LEFTOVER_KINDS, type Leftover } from "../diagnostics/leftovers.ts";
import { known, type Observed, unknown } from "../model/observed.ts";
import type { Clock, Listers, Logger } from "./ports.ts";
import { ownsKey, type Shard } from "./shard.ts";

/** Garbage collection is tried again at every resync, ten minutes apart; what outlives two of them stays. */
const STAYS_MS = 25 * 60_000;

const LOOK_MS = 5 * 60_000;

/** Lines in one look; the rest is counted. */
const MAX_LINES = 50;

/** Where leftovers are looked for. */
export interface LeftoverPlace {
  readonly holdings: () => Holdings;
  readonly listers: Pick<Listers, "nodes" | "ingresses" | "services">;
  readonly shard: Shard;
}

/**
 * Looks for leftovers of the objects that this process can vouch for: caches hold nothing of other shards'
 * namespaces, which does not mean that it is gone. Certificates name no namespace and are left to the first shard.
 */
export function leftoversIn({ holdings, listers, shard }: LeftoverPlace): Observed<readonly Leftover[]> {
  const { nodes, ingresses, services } = listers;
  const held = holdings();
  return findLeftovers({
    holdings: shard.index === 0 ? held : { ...held, certificates: known([]) },
    nodes: nodes.all(),
    ingress: (key) => (ownsKey(shard, key) ? ingresses.get(key) : OF_OTHERS),
    service: (key) => (ownsKey(shard, key) ? services.get(key) : OF_OTHERS),
  });
}

const OF_OTHERS = unknown("ingresses", "not-configured", "the diagnosis of another shard");

/** What a {@link LeftoverReport} works with. */
export interface LeftoverOptions {
  readonly find: () => Observed<readonly Leftover[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Tells whoever runs the cluster of what stays in Compute Engine without an owner: each resource once in the log,
 * with the command that deletes it, and all of them in a count. Diagnoses do not: they belong to namespaces.
 */
export class LeftoverReport {
  readonly #options: LeftoverOptions;
  /** Monotonic time at which each was first seen, by its command. */
  #seen = new Map<string, number>();
  #standing: readonly Leftover[] | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: LeftoverOptions) {
    this.#options = options;
  }

  /** Looks from now on, until {@link stop}. */
  start(): void {
    this.#cancel?.();
    this.#look();
    this.#cancel = this.#options.clock.after(LOOK_MS, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** How many of each kind stay, kinds without any included; undefined before the first complete look. */
  counts(): readonly { readonly kind: string; readonly count: number }[] | undefined {
    const standing = this.#standing;
    return (
      standing &&
      LEFTOVER_KINDS.map((kind) => ({
        kind,
        count: standing.filter((one) => one.kind === kind).length,
      }))
    );
  }

  #look(): void {
    const { find, clock, logger } = this.#options;
    const found = find();
    // What cannot be read now is neither there nor gone.
    if (!found.known) return;
    const now = clock.monotonic();
    const told = new Set(this.#standing?.map(({ command }) => command));
    this.#seen = new Map(found.value.map(({ command }) => [command, this.#seen.get(command) ?? now]));
    this.#standing = found.value.filter(({ command }) => now - (this.#seen.get(command) ?? now) >= STAYS_MS);
    const news = this.#standing.filter(({ command }) => !told.has(command));
    for (const { kind, name, owner, command } of news.slice(0, MAX_LINES)) {
      logger.warn("a load balancer resource is left over", { kind, name, owner, command });
    }
    if (news.length > MAX_LINES) {
      logger.warn("more load balancer resources are left over", { count: news.length - MAX_LINES });
    }
  }
}
