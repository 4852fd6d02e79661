import type { LabelSelector } from "../../model/gke-config.ts";
import type { StringMap } from "../../model/refs.ts";

/** Whether labels carry every pair of an equality selector, as Services use it; an empty one matches all. */
export function matchesLabels(selector: StringMap, labels: StringMap): boolean {
  // Runs for every pod of every backend: a StringMap has no prototype, so `in` needs no list of entries.
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/**
 * Whether labels match a selector with expressions; an empty one matches all.
 *
 * An operator that Kubernetes does not know matches nothing.
 */
export function matchesSelector(selector: LabelSelector, labels: StringMap): boolean {
  return matchesLabels(selector.matchLabels, labels) && selector.matchExpressions.every(holds);

  function holds({ key, operator, values }: LabelSelector["matchExpressions"][number]): boolean {
    const value = labels[key];
    const listed = value !== undefined && values.includes(value);
    switch (operator) {
      case "In":
        return listed;
      case "NotIn":
        return !listed;
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  }
}
