import type { Rule } from "./rule.ts";

/** Every rule, sorted by code. A test compares this list with the folder. */
export const RULES: readonly Rule[] = [];

/** Codes that once named a rule and are never used again. */
export const RETIRED: readonly string[] = [];
