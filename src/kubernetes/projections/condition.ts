import { boundedText, compact, each, time } from "../../model/json.ts";
import type { Condition } from "../../model/pod.ts";
import { sharedText } from "./shared-text.ts";

/** Projects `status.conditions[]` of any kind, in the order written. */
export function projectConditions(status: unknown): readonly Condition[] {
  return each(status, "conditions", (entry) =>
    compact(
      {
        type: sharedText(entry, "type") ?? "",
        status: sharedText(entry, "status") ?? "",
        reason: sharedText(entry, "reason") ?? "",
        message: boundedText(entry, "message"),
      },
      { since: time(entry, "lastTransitionTime") },
    ),
  );
}

/** True when a condition of that type has status True. */
export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === "True");
}
