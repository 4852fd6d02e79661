import type { Clock } from "../reconciler/ports.ts";

/** One read that is repeated. */
interface Job {
  /** Runs the read and answers the milliseconds until it is due again. Never rejects. */
  readonly run: () => Promise<number>;
  /** Lower goes first among those that are due. */
  readonly rank: number;
  /** Monotonic. */
  dueAt: number;
  isRunning: boolean;
  /** Due again at this time at the latest, whatever the run under way answers. */
  hurriedTo?: number;
}

/** Reads under way at the same time. */
const CONCURRENCY = 4;

/** Runs repeated reads when they are due, a few at a time, the most important first. */
export class ReadSchedule {
  readonly #clock: Clock;
  readonly #jobs = new Map<string, Job>();
  #idleWaiters: (() => void)[] = [];
  #running = 0;
  #isStarted = false;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs what is due from now on. */
  start(): void {
    this.#isStarted = true;
    this.#pump();
  }

  /** Starts no more reads. */
  stop(): void {
    this.#isStarted = false;
    this.#cancelTimer?.();
  }

  has(key: string): boolean {
    return this.#jobs.has(key);
  }

  /** Adds a read that is due at once; does nothing when the key is there. */
  add(key: string, rank: number, run: () => Promise<number>): void {
    if (this.#jobs.has(key)) return;
    this.#jobs.set(key, { run, rank, dueAt: this.#clock.monotonic(), isRunning: false });
    this.#pump();
  }

  /** Removes a read; one under way comes to its end. */
  remove(key: string): void {
    this.#jobs.delete(key);
  }

  /** Resolves when nothing runs and nothing is due by now; never, before the start. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
      this.#pump();
    });
  }

  /** Makes a read due at a monotonic time, unless it is earlier. */
  hurry(key: string, dueAt: number): void {
    const job = this.#jobs.get(key);
    if (job === undefined) return;
    if (job.isRunning) job.hurriedTo = Math.min(dueAt, job.hurriedTo ?? dueAt);
    else if (dueAt < job.dueAt) {
      job.dueAt = dueAt;
      this.#pump();
    }
  }

  #pump(): void {
    this.#cancelTimer?.();
    while (this.#isStarted && this.#running < CONCURRENCY) {
      const job = this.#nextDue();
      if (job === undefined) break;
      void this.#run(job);
    }
    if (this.#isStarted && this.#running === 0) this.#releaseIdle();
    const waiting = [...this.#jobs.values()].filter(({ isRunning }) => !isRunning);
    if (!this.#isStarted || this.#running >= CONCURRENCY || waiting.length === 0) return;
    const next = waiting.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), Number.POSITIVE_INFINITY);
    this.#cancelTimer = this.#clock.after(Math.max(0, next - this.#clock.monotonic()), () => this.#pump());
  }

  #releaseIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  async #run(job: Job): Promise<void> {
    job.isRunning = true;
    this.#running += 1;
    const again = await job.run();
    job.isRunning = false;
    this.#running -= 1;
    job.dueAt = Math.min(this.#clock.monotonic() + again, job.hurriedTo ?? Number.POSITIVE_INFINITY);
    delete job.hurriedTo;
    this.#pump();
  }

  #nextDue(): Job | undefined {
    const now = this.#clock.monotonic();
    let best: Job | undefined;
    for (const job of this.#jobs.values()) {
      if (job.isRunning || job.dueAt > now) continue;
      const isBetter =
        best === undefined || job.rank < best.rank || (job.rank === best.rank && job.dueAt < best.dueAt);
      if (isBetter) best = job;
    }
    return best;
  }
}
