import type { ServiceNeg } from "../../model/gke-config.ts";
import type { ObjectRef } from "../../model/refs.ts";
import { cleanText } from "../text.ts";
import type { SyncCause } from "./causes.ts";
import { classifySyncError } from "./classify.ts";

/** The error of the last attempt, as a condition of a NEG that says False carries it. */
export interface NegConditionError {
  readonly cause: SyncCause;
  readonly neg: ObjectRef;
  /** The error as the controller words it, cleaned. */
  readonly text: string;
  /** Epoch milliseconds; undefined where the condition does not say. */
  readonly since: number | undefined;
}

/** Errors in the conditions of NEGs, in order of their names. */
export function negConditionErrors(negs: readonly ServiceNeg[]): readonly NegConditionError[] {
  const errors = negs.flatMap(({ ref, conditions }) =>
    conditions
      .filter(({ status, message }) => status === "False" && message !== "")
      .map(({ message, since }) => ({
        cause: classifySyncError(message),
        neg: ref,
        text: cleanText(message),
        since,
      })),
  );
  return errors.sort((a, b) => (a.neg.name < b.neg.name ? -1 : a.neg.name > b.neg.name ? 1 : 0));
}
