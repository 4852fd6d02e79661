import { setFlagsFromString } from "node:v8";

/**
 * Keeps the heap for short-lived objects at its first size for the rest of the process.
 *
 * Parsing a large cluster makes garbage only, for which V8 would otherwise take a hundred megabytes to save a few
 * collections. Its flag for the largest size counts at the start of a process alone; this one counts from now on.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
