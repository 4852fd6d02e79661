import type { KubeEvent } from "../../src/model/event.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { event, freshAnnotations, ingress, NOW, negName, notRead, snapshot } from "./builders.ts";

/** When the failures of these snapshots began, and how messages show it. */
export const FAILING_SINCE = NOW - 30 * 60_000;
export const FAILING_SINCE_TEXT = "2026-11-23T11:30:00Z";

const ROUTINES = {
  backend: "Error syncing to GCP: error running backend syncing routine: ",
  "load-balancer":
    "Error syncing to GCP: error running load balancer syncing routine: loadbalancer x-shop-web-y does not exist: ",
  translation: "Translation failed: invalid ingress spec: ",
} as const;

type Routine = keyof typeof ROUTINES;

/** The Warning that the controller repeats about Ingress `web` while its sync fails. */
export function syncWarning(text: string, routine: Routine = "load-balancer"): KubeEvent {
  return event({
    type: "Warning",
    reason: routine === "translation" ? "Translate" : "Sync",
    message: ROUTINES[routine] + text,
    count: 12,
    firstAt: FAILING_SINCE,
    lastAt: NOW - 60_000,
  });
}

/** Ingress `web` that was never served, because every sync ends in this error. */
export function neverBuilt(text: string, routine?: Routine, changes: Partial<Snapshot> = {}): Snapshot {
  return snapshot({
    ingress: ingress({ annotations: freshAnnotations(), addresses: [] }),
    events: known([syncWarning(text, routine)]),
    ...changes,
  });
}

/** A served Ingress `web` whose newer changes end in this error. */
export function frozen(text: string, routine?: Routine, changes: Partial<Snapshot> = {}): Snapshot {
  return snapshot({ events: known([syncWarning(text, routine)]), ...changes });
}

/** A served Ingress `web` whose error is over: a later sync reported none. */
export function recovered(text: string, routine?: Routine): Snapshot {
  const over = { ...syncWarning(text, routine), lastAt: NOW - 20 * 60_000 };
  return snapshot({ events: known([over, event({ lastAt: NOW - 5 * 60_000, count: 3 })]) });
}

/** A Warning of the NEG controller about Service `web`. */
export function negWarning(text: string, reason = "SyncNetworkEndpointGroupFailed"): KubeEvent {
  return event({
    type: "Warning",
    reason,
    message: text,
    component: "neg-controller",
    about: { kind: "Service", namespace: "shop", name: "web", uid: "uid-service-web" },
    firstAt: FAILING_SINCE,
    lastAt: NOW - 60_000,
  });
}

/** What the NEG controller says when it cannot sync the NEG of Service `web`. */
export const negFailure = (text: string) => `Failed to sync NEG "${negName("web")}" (will retry): ${text}`;

/** The case of a rule that lives by Events, when they may not be listed. */
export const eventsUnreadable = {
  name: "Events may not be listed",
  given: snapshot({ events: notRead("events") }),
  source: "events",
} as const;
