import { type Cluster, CREATED, MINUTE, stamp, touch } from "./cluster.ts";
import type { Fault, Moment, Onset } from "./fault.ts";
import { forget, pass, say, sayBuilt } from "./gke-controllers.ts";
import type { AnyObject } from "./raw-objects.ts";
import { built, type Scenario } from "./scenarios.ts";

/** One cluster at one moment. */
export interface Scene {
  readonly cluster: Cluster;
  readonly seenAt: number;
}

/** The scenario as it was two hours after its creation. */
export function healthy(scenario: Scenario): Scene {
  const seenAt = CREATED + 120 * MINUTE;
  const cluster = built(scenario, seenAt);
  pass(cluster, seenAt);
  return { cluster, seenAt };
}

/** When a fault is made and seen: forty minutes lie between. */
export function momentOf(onset: Onset): Moment {
  const at = onset === "later" ? CREATED + 120 * MINUTE : CREATED;
  return { onset, at, seenAt: at + 40 * MINUTE };
}

/** The scenario with one fault. */
export function broken(scenario: Scenario, fault: Fault, moment: Moment): Scene {
  const cluster = built(scenario, moment.seenAt);
  if (moment.onset === "later") pass(cluster, moment.at);
  const repeating = fault.inject(cluster, moment);
  pass(cluster, moment.seenAt, repeating);
  return { cluster, seenAt: moment.seenAt };
}

/**
 * The scenario after its fault was taken back: the objects as they were, the Events of both times, and what the
 * sync after the repair left.
 */
export function repaired(scenario: Scenario, { cluster: faulty }: Scene, moment: Moment): Scene {
  const repairedAt = moment.seenAt + MINUTE;
  const seenAt = repairedAt + 25 * MINUTE;
  const cluster = built(scenario, seenAt);
  forget(cluster, () => true);
  for (const object of cluster.objects) {
    if (isChangedByHand(object, faulty)) touch(object, repairedAt);
    if (object.kind === "ServiceNetworkEndpointGroup")
      object.status.lastSyncTime = stamp(repairedAt + 20_000);
  }
  cluster.add(...faulty.objects.filter(({ kind }) => kind === "Event"));
  for (const ingress of cluster.all("Ingress")) {
    const known = faulty.all("Ingress").find(({ metadata }) => metadata.name === ingress.metadata.name);
    if (known?.status.loadBalancer.ingress === undefined) {
      sayBuilt(cluster, ingress, repairedAt + 30_000);
      say(cluster, {
        about: ingress,
        reason: "IPChanged",
        message: "IP is now 203.0.113.7",
        firstAt: repairedAt + 31_000,
      });
    }
    say(cluster, {
      about: ingress,
      reason: "Sync",
      message: "Scheduled for sync",
      firstAt: repairedAt + 1000,
      count: 3,
    });
  }
  for (const failed of faulty.all("Event").filter(({ reason }) => reason === "AttachFailed")) {
    const message = failed.message.replace(/^Failed to (.*?\)):.*$/, "$1");
    say(cluster, {
      about: cluster.service,
      reason: "Attach",
      message,
      component: "neg-controller",
      firstAt: repairedAt,
    });
  }
  pass(cluster, seenAt);
  return { cluster, seenAt };
}

const BY_HAND: ReadonlySet<string> = new Set([
  "Ingress",
  "Service",
  "BackendConfig",
  "FrontendConfig",
  "Deployment",
  "StatefulSet",
  "Secret",
]);

/** True when a person had to write this object to repair the fault. */
function isChangedByHand(object: AnyObject, faulty: Cluster): boolean {
  if (!BY_HAND.has(object.kind)) return false;
  const then = faulty.objects.find(
    ({ kind, metadata }) => kind === object.kind && metadata.uid === object.metadata.uid,
  );
  return then === undefined || JSON.stringify(applied(then)) !== JSON.stringify(applied(object));
}

/** What people write of an object. */
function applied(object: AnyObject) {
  const { annotations = {}, name } = object.metadata;
  const own = Object.entries(annotations).filter(
    ([key]) => !/^ingress\.kubernetes\.io\/|neg-status$/.test(key),
  );
  return {
    name,
    annotations: own.sort(),
    spec: "spec" in object ? object.spec : undefined,
    data: "data" in object ? object.data : undefined,
  };
}
