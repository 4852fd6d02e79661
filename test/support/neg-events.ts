import type { Condition } from "../../src/model/pod.ts";
import { condition, event, LONG_AGO, negName, serviceNeg } from "./builders.ts";

/** A Warning of the NEG controller about Service `web`. */
export function negWarning(reason: string, message: string, changes: Parameters<typeof event>[0] = {}) {
  return event({
    about: { kind: "Service", namespace: "shop", name: "web", uid: "uid-service-web" },
    type: "Warning",
    reason,
    message,
    component: "neg-controller",
    ...changes,
  });
}

/** The Warning that the NEG controller refuses Service `web`. */
export function refusal(text: string) {
  return negWarning("ProcessServiceFailed", `error processing service "shop/web": ${text}`);
}

/** The Warning that the NEG of Service `web` could not be synced. */
export function syncFailure(text: string) {
  return negWarning(
    "SyncNetworkEndpointGroupFailed",
    `Failed to sync NEG "${negName("web")}" (will retry): ${text}`,
  );
}

/** The NEG of Service `web`, which was made, and whose last sync failed. */
export function failedNeg(message: string) {
  const synced: Condition = condition("Synced", "False", "NegSyncFailed", message);
  return serviceNeg({ conditions: [condition("Initialized", "True"), synced], lastSyncAt: LONG_AGO });
}

/** The NEG of Service `web`, which could not be made. */
export function unmadeNeg(message: string) {
  return serviceNeg({
    conditions: [condition("Initialized", "False", "NegInitializationFailed", message)],
    zones: [],
  });
}
