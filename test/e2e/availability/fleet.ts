import { setTimeout as sleep } from "node:timers/promises";
import { type AuditEntry, readAuditLog, writesBy } from "../../controlplane/audit.ts";
import { eventually, waitFor } from "../../controlplane/eventually.ts";
import { type Cluster, CONTROLLER_USER } from "../reconciler/cluster.ts";
import type { ControllerUnderTest } from "../reconciler/controller-under-test.ts";

/** Times of the Lease that a test can wait for, and that a busy machine can keep. */
export const QUICK_LEASE = [
  ...["--lease-duration", "5s"],
  ...["--lease-renew-deadline", "4s"],
  ...["--lease-retry-period", "800ms"],
];

/** Processes start slowly while others do as well. */
const START = { timeoutMs: 60_000 };

/** Replicas of the controller in one cluster. */
export class Fleet {
  readonly #cluster: Cluster;
  readonly #flags: readonly string[];
  readonly #replicas: ControllerUnderTest[] = [];

  constructor(cluster: Cluster, flags: readonly string[]) {
    this.#cluster = cluster;
    this.#flags = flags;
  }

  /** Those that have not ended. */
  get running(): ControllerUnderTest[] {
    return this.#replicas.filter(({ isRunning }) => isRunning);
  }

  /** Starts one more and waits until its caches are full. */
  async start(...flags: readonly string[]): Promise<ControllerUnderTest> {
    const replica = await this.#cluster.startController(...this.#flags, ...flags);
    this.#replicas.push(replica);
    await eventually(async () => {
      if (!(await replica.page("readyz")).includes("ok caches")) throw new Error(replica.errors);
    }, START);
    return replica;
  }

  /** Starts one more and waits until it leads. */
  async startLeader(...flags: readonly string[]): Promise<ControllerUnderTest> {
    const replica = await this.start(...flags);
    await waitFor(() => leads(replica), { ...START, what: "leadership" });
    return replica;
  }

  /** The one that has gained leadership and not ended. */
  async leader(): Promise<ControllerUnderTest> {
    return waitFor(() => this.running.find(leads), { ...START, intervalMs: 20, what: "a leader" });
  }

  /** Ends the leader by `signal` and answers after how many milliseconds another one has begun to diagnose. */
  async failOver(signal: NodeJS.Signals): Promise<number> {
    const leader = await this.leader();
    const start = performance.now();
    leader.signal(signal);
    const successor = () => this.running.find((replica) => replica !== leader && leads(replica));
    await waitFor(successor, { ...START, intervalMs: 10, what: "a successor" });
    const took = performance.now() - start;
    await leader.exited;
    return took;
  }

  /** Ends all of them well. */
  async stop(): Promise<void> {
    await Promise.all(this.running.map((replica) => replica.stop()));
  }
}

function leads(replica: ControllerUnderTest): boolean {
  return replica.logged("diagnosing").length > 0;
}

/** Statuses and Events that a process has asked to be written so far. */
export function writesOf(cluster: Cluster, process: ControllerUnderTest): AuditEntry[] {
  return ownWrites(cluster).filter(({ credential }) => credential === process.credential);
}

/** Statuses and Events that any process of the controller has asked to be written so far. */
export function ownWrites(cluster: Cluster): AuditEntry[] {
  const writes = writesBy(CONTROLLER_USER, readAuditLog(cluster.controlPlane.auditLog));
  return writes.filter(({ resource }) => resource !== "leases");
}

/** Writes that a process sent after another one had taken the same Lease, in any of the changes of leader so far. */
export function lateWrites(cluster: Cluster): AuditEntry[] {
  const requests = readAuditLog(cluster.controlPlane.auditLog).filter(({ user }) => user === CONTROLLER_USER);
  /** When each process was first answered that it holds a Lease; of a failed request nothing is known. */
  const acquired = new Map<string, { readonly lease: string; readonly at: number }>();
  for (const { verb, resource, name = "", code, credential = "", answeredAt } of requests) {
    const isHeld = resource === "leases" && verb !== "get" && code < 300;
    if (isHeld && !acquired.has(credential)) acquired.set(credential, { lease: name, at: answeredAt });
  }
  return requests.filter(({ verb, resource, credential = "", receivedAt }) => {
    if (resource === "leases" || ["get", "list", "watch"].includes(verb)) return false;
    const own = acquired.get(credential);
    const later = [...acquired.values()].filter(({ lease, at }) => lease === own?.lease && at > own.at);
    return own === undefined || later.some(({ at }) => receivedAt > at);
  });
}

/** Waits until nothing has been written for a while. */
export async function quiet(cluster: Cluster, milliseconds = 3_000): Promise<void> {
  await waitFor(
    async () => {
      const before = ownWrites(cluster).length;
      await sleep(milliseconds);
      return ownWrites(cluster).length === before;
    },
    { timeoutMs: 120_000, what: "a cluster in which nothing is written" },
  );
}
