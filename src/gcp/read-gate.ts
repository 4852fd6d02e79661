import type { Clock } from "../reconciler/ports.ts";
import type { Credentials } from "./credentials.ts";
import { type ComputeFailure, type ComputeFailureKind, failureOfError } from "./errors.ts";

/** A refused permission is asked for again only this often. */
export const DENIED_MS = 600_000;

/** How long nothing is asked after repeated failures, or a rate refusal that names no time: quotas are by minute. */
export const OPEN_MS = 60_000;

const TRIES = 3;
const FIRST_PAUSE_MS = 200;

/** Reads that failed for good, one after the other, before the circuit opens; one may be a fault of its own. */
const FAILED_READS = 2;

const TRANSIENT: ReadonlySet<ComputeFailureKind> = new Set(["unavailable", "timeout", "malformed"]);

/** A failure that is known to hold, and until when on the monotonic clock. */
interface Block {
  readonly failure: ComputeFailure;
  readonly until: number;
}

/** What a {@link ReadGate} works with. */
export interface GateOptions {
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number;
}

/**
 * Decides whether a read of one project is worth a request: retries what may pass, leaves alone what will not.
 *
 * A token comes before the first request, so that without credentials no Compute client is even loaded.
 */
export class ReadGate {
  readonly #options: GateOptions;
  readonly #denied = new Map<string, Block>();
  #closed: Block | undefined;
  #failedReads = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Monotonic time until which reads with this permission fail without a request; 0 when they do not. */
  blockedUntil(permission: string): number {
    return this.#block(permission)?.until ?? 0;
  }

  /** Runs one read, one request for each attempt. Rejects with {@link ComputeFailure} only. */
  async read<T>(permission: string, attempt: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      const block = this.#block(permission);
      if (block !== undefined) throw block.failure;
      try {
        await this.#options.credentials.headers();
        const result = await attempt();
        this.#failedReads = 0;
        return result;
      } catch (error) {
        const failure = failureOfError(error);
        if (!this.#mayPass(failure, tried)) {
          this.#remember(failure, permission);
          throw failure;
        }
      }
      await this.#pause(FIRST_PAUSE_MS * 2 ** (tried - 1) * (1 + this.#options.random()));
    }
  }

  #mayPass({ kind }: ComputeFailure, tried: number): boolean {
    // A token that was not accepted has been dropped by the transport; the next one may be.
    if (kind === "unauthorized") return tried === 1;
    return TRANSIENT.has(kind) && tried < TRIES;
  }

  #remember(failure: ComputeFailure, permission: string): void {
    const { kind, retryAfterMs } = failure;
    const until = (milliseconds: number) => ({
      failure,
      until: this.#options.clock.monotonic() + milliseconds,
    });
    if (kind === "denied" || kind === "api-disabled") this.#denied.set(permission, until(DENIED_MS));
    else if (kind === "throttled") this.#closed = until(Math.max(1_000, retryAfterMs ?? OPEN_MS));
    else if (kind === "unauthorized") this.#closed = until(OPEN_MS);
    else if (TRANSIENT.has(kind)) {
      this.#failedReads += 1;
      if (this.#failedReads >= FAILED_READS) this.#closed = until(OPEN_MS);
    }
  }

  #block(permission: string): Block | undefined {
    const now = this.#options.clock.monotonic();
    return [this.#closed, this.#denied.get(permission)].find(
      (block) => block !== undefined && block.until > now,
    );
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(milliseconds, resolve);
    });
  }
}
