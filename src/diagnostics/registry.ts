import type { Rule } from "./rule.ts";
import defaultBackendUnprotected from "./rules/routing/default-backend-unprotected.ts";
import duplicateHostRule from "./rules/routing/duplicate-host-rule.ts";
import duplicatePath from "./rules/routing/duplicate-path.ts";
import hostNotMatched from "./rules/routing/host-not-matched.ts";
import overlappingPaths from "./rules/routing/overlapping-paths.ts";
import pathLooksLikeRegex from "./rules/routing/path-looks-like-regex.ts";
import pathMatchesExactlyOnly from "./rules/routing/path-matches-exactly-only.ts";
import pathNotAbsolute from "./rules/routing/path-not-absolute.ts";
import pathTypeUnsupported from "./rules/routing/path-type-unsupported.ts";
import pathWildcardInvalid from "./rules/routing/path-wildcard-invalid.ts";
import resourceBackendUnsupported from "./rules/routing/resource-backend-unsupported.ts";
import ruleWithoutPaths from "./rules/routing/rule-without-paths.ts";
import systemDefaultBackendMissing from "./rules/routing/system-default-backend-missing.ts";
import urlMapNearLimit from "./rules/routing/url-map-near-limit.ts";
import wildcardPathMissesItself from "./rules/routing/wildcard-path-misses-itself.ts";

/** Every rule, sorted by code. A test compares this list with the folder. */
export const RULES: readonly Rule[] = [
  pathMatchesExactlyOnly,
  wildcardPathMissesItself,
  pathLooksLikeRegex,
  pathWildcardInvalid,
  duplicateHostRule,
  duplicatePath,
  ruleWithoutPaths,
  hostNotMatched,
  resourceBackendUnsupported,
  overlappingPaths,
  urlMapNearLimit,
  systemDefaultBackendMissing,
  defaultBackendUnprotected,
  pathNotAbsolute,
  pathTypeUnsupported,
];

/** Codes that once named a rule and are never used again. */
export const RETIRED: readonly string[] = [];
