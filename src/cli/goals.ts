import { CONDITION_TYPES, type ConditionType } from "../diagnostics/diagnosis.ts";

/** What can be waited for: `ready`, and each step of the checklist, such as `address-assigned`. */
export const GOALS: readonly string[] = CONDITION_TYPES.map((type) =>
  type.replace(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase(),
);

/** The condition that a goal is about. */
export function conditionOf(goal: string): ConditionType {
  return CONDITION_TYPES[GOALS.indexOf(goal)] ?? "Ready";
}
