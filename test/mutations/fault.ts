import type { Cluster } from "./cluster.ts";
import { lastResync, namesOf, type Saying, type Step, say, sayBuilt, unserve } from "./gke-controllers.ts";
import type { Event } from "./raw-objects.ts";

/** When a fault came: with the objects themselves, or into a load balancer that already served. */
export type Onset = "at-creation" | "later";

/** The circumstances of one injection. */
export interface Moment {
  readonly onset: Onset;
  /** When the fault was made, in epoch milliseconds. */
  readonly at: number;
  /** When the cluster is looked at. */
  readonly seenAt: number;
}

/** One way to break a healthy cluster. */
export interface Fault {
  /** Unique; begins with the root cause's id where the recordings' vocabulary has one. */
  readonly id: string;
  /** Id in the map of root causes, which says the right codes. */
  readonly rootCause?: string;
  /** Right codes where the vocabulary has no id. */
  readonly codes?: readonly string[];
  /**
   * What clients see, in the recordings' words. Left out for what stops the sync: then no address is built, or
   * the load balancer keeps its last state.
   */
  readonly symptoms?: readonly string[];
  readonly onsets: readonly Onset[];
  readonly applies: (cluster: Cluster) => boolean;
  /** Changes the objects and adds what the controllers leave. Returns the Events that every sync repeats. */
  readonly inject: (cluster: Cluster, moment: Moment) => readonly Event[];
}

export const BOTH: readonly Onset[] = ["at-creation", "later"];
export const LATER: readonly Onset[] = ["later"];
export const AT_CREATION: readonly Onset[] = ["at-creation"];

/** How a sync stops. */
interface Stop {
  readonly message: string;
  readonly reason?: string;
  /** Last step that still succeeds in a first sync. */
  readonly built?: Step;
}

/** Lets every sync of the Ingress under test end with this Warning. */
export function stopSync(cluster: Cluster, moment: Moment, stop: Stop): readonly Event[] {
  const { ingress } = cluster;
  const firstAt = moment.at + 20_000;
  if (moment.onset === "at-creation") {
    unserve(cluster, ingress);
    if (stop.built !== undefined) sayBuilt(cluster, ingress, firstAt, stop.built);
  }
  const { message, reason = "Sync" } = stop;
  return [say(cluster, { about: ingress, type: "Warning", reason, message, firstAt, count: 12 })];
}

/** A translation error of the Ingress under test. */
export function failTranslation(cluster: Cluster, moment: Moment, problem: string): readonly Event[] {
  return stopSync(cluster, moment, {
    reason: "Translate",
    message: `Translation failed: invalid ingress spec: ${problem}`,
  });
}

/** An error while the backends of the Ingress under test are synced. */
export function failBackends(cluster: Cluster, moment: Moment, problem: string): readonly Event[] {
  const message = `Error syncing to GCP: error running backend syncing routine: ${problem}`;
  return stopSync(cluster, moment, { message });
}

/** An error while its front end is built, wrapped as nearly all of them are. */
export function failFrontend(
  cluster: Cluster,
  moment: Moment,
  problem: string,
  built?: Step,
): readonly Event[] {
  const { loadBalancer } = namesOf(cluster.ingress);
  const message =
    `Error syncing to GCP: error running load balancer syncing routine: loadbalancer ${loadBalancer} ` +
    `does not exist: ${problem}`;
  return stopSync(cluster, moment, { message, ...(built === undefined ? {} : { built }) });
}

/** An error while the front end is prepared, before a URL map is touched. */
export function failFrontendEarly(cluster: Cluster, moment: Moment, problem: string): readonly Event[] {
  const message = `Error syncing to GCP: error running load balancer syncing routine: ${problem}`;
  return stopSync(cluster, moment, { message });
}

/** A Warning of the NEG controller about the Service under test, the newest shortly before the cluster is seen. */
export function warnService(
  cluster: Cluster,
  moment: Moment,
  { reason, message }: Pick<Saying, "reason" | "message">,
): void {
  say(cluster, {
    about: cluster.service,
    type: "Warning",
    reason,
    message,
    component: "neg-controller",
    firstAt: moment.at + 2000,
    lastAt: lastResync(moment.at, moment.seenAt),
    count: 14,
  });
}
