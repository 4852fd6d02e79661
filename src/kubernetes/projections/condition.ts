import { boundedText, each, time } from "../../model/json.ts";
import type { Condition } from "../../model/pod.ts";
import { sharedText } from "./sharing.ts";

/** Projects `status.conditions[]` of any kind, in the order written. */
export function projectConditions(status: unknown): readonly Condition[] {
  return each(status, "conditions", (entry) => {
    const type = sharedText(entry, "type") ?? "";
    const status = sharedText(entry, "status") ?? "";
    const reason = sharedText(entry, "reason") ?? "";
    const message = boundedText(entry, "message");
    const since = time(entry, "lastTransitionTime");
    // Five to a Pod: one literal of five fields is a third smaller than four fields and one added.
    return Object.freeze(
      since === undefined ? { type, status, reason, message } : { type, status, reason, message, since },
    );
  });
}

/** True when a condition of that type has status True. */
export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === "True");
}
