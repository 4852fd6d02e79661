import { type CauseMatcher, captures, type SyncCause } from "./causes.ts";
import type { GoogleError } from "./google-error.ts";

/**
 * Refusals of Compute Engine that do not depend on what was asked for, in the order in which they must be tried:
 * request rates also speak of quota, organization policies also answer 412, and a used address is also "in use".
 */
export const COMPUTE_MATCHERS: readonly CauseMatcher[] = [
  google(rateLimited),
  google(apiDisabled),
  google(orgPolicy),
  google(quota),
  google(addressInUse),
  google(nodeInMultipleGroups),
  google(balancingMode),
  google(permission),
  google(concurrentChange),
  google(resourceInUse),
  google(unavailable),
];

function google(match: (error: GoogleError) => SyncCause | undefined): CauseMatcher {
  return (error) => (error.google === undefined ? undefined : match(error.google));
}

function rateLimited({ status, reason, text }: GoogleError): SyncCause | undefined {
  const limited =
    status === 429 ||
    /^(user)?rate_?limit_?exceeded$/i.test(reason) ||
    /\brate limit exceeded\b|\bquota exceeded for quota (group|metric)\b/i.test(text);
  return limited ? { kind: "rate-limited" } : undefined;
}

function apiDisabled({ reason, text }: GoogleError): SyncCause | undefined {
  const billing =
    /billing|accountDisabled/i.test(reason) ||
    /\brequires billing\b|\bbilling (?:account|is|to be|must be)\b|\bBILLING_DISABLED\b/i.test(text);
  const disabled =
    /^(accessNotConfigured|SERVICE_DISABLED)$/.test(reason) ||
    /\bAPI has not been used in project\b|\bSERVICE_DISABLED\b|\baccess not configured\b/i.test(text);
  return billing || disabled ? { kind: "api-disabled", billing } : undefined;
}

function orgPolicy({ text }: GoogleError): SyncCause | undefined {
  const named = captures(text, /\b(constraints\/[A-Za-z][A-Za-z.]{0,127}[A-Za-z])/);
  if (named) return { kind: "org-policy", constraint: named[0] ?? "" };
  return /\borgani[sz]ation(al)?[- ]policy\b|\borg policy\b/i.test(text) ? { kind: "org-policy" } : undefined;
}

function quota({ reason, text }: GoogleError): SyncCause | undefined {
  const metric = captures(text, /\bquota '([^']{1,128})' exceeded/i)?.[0];
  if (metric === undefined && !/^quota_?exceeded$/i.test(reason)) return undefined;
  const limit = captures(text, /\bLimit: {1,4}([0-9][0-9.]{0,20}[0-9](?: [a-z][a-z0-9 -]{0,63})?)/)?.[0];
  return {
    kind: "quota",
    ...(metric === undefined ? {} : { metric }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function addressInUse({ text, field, value }: GoogleError): SyncCause | undefined {
  const named = captures(text, /\bIP_IN_USE_BY_ANOTHER_RESOURCE\b(?: - IP '([^']{1,64})')?/);
  if (named) return { kind: "address-in-use", ...(named[0] ? { address: named[0] } : {}) };
  const refused = /IPAddress$/i.test(field ?? "") && /\bin[- ]use\b/i.test(text);
  if (!refused) return undefined;
  return { kind: "address-in-use", ...(value === undefined ? {} : { address: value }) };
}

function nodeInMultipleGroups({ text }: GoogleError): SyncCause | undefined {
  if (!/at most one load-balanced instance group|INSTANCE_IN_MULTIPLE_LOAD_BALANCED_IGS/i.test(text))
    return undefined;
  const instance = captures(text, /\binstance '?([A-Za-z0-9/._-]{1,256})'?:/)?.[0];
  return {
    kind: "node-in-multiple-groups",
    ...(instance === undefined ? {} : { instance: lastPart(instance) }),
  };
}

function balancingMode({ text }: GoogleError): SyncCause | undefined {
  return /incompatible balancing[_ ]?mode/i.test(text) ? { kind: "balancing-mode-conflict" } : undefined;
}

function permission({ status, text }: GoogleError): SyncCause | undefined {
  const required = captures(
    text,
    /\b(?:Required|Permission) '([^']{1,128})'(?: permission for '([^']{1,256})')?/i,
  );
  const denied =
    status === 401 || status === 403 || /\binsufficient permission\b|\bPERMISSION_DENIED\b/i.test(text);
  if (!denied) return undefined;
  const [name, resource] = required ?? [];
  return { kind: "permission", ...(name ? { permission: name } : {}), ...(resource ? { resource } : {}) };
}

function concurrentChange({ status, reason, text }: GoogleError): SyncCause | undefined {
  if (reason === "resourceNotReady" || /^The resource '[^']{1,512}' is not ready\b/.test(text)) {
    return { kind: "concurrent-change", detail: "not-ready" };
  }
  if (status === 412 || /\binvalid fingerprint\b/i.test(text)) {
    return { kind: "concurrent-change", detail: "fingerprint" };
  }
  if (reason === "alreadyExists" || (status === 409 && /\balready exists\b/i.test(text))) {
    return { kind: "concurrent-change", detail: "already-exists" };
  }
  return undefined;
}

function resourceInUse({ reason, text }: GoogleError): SyncCause | undefined {
  const named = captures(text, /'([^']{1,512})' is already being used by '([^']{1,512})'/);
  if (named === undefined && !/^resource_?in_?use_?by_?another_?resource$/i.test(reason)) return undefined;
  const [resource, by] = named ?? [];
  return { kind: "resource-in-use", ...(resource ? { resource } : {}), ...(by ? { by } : {}) };
}

function unavailable({ status }: GoogleError): SyncCause | undefined {
  return status >= 500 ? { kind: "google-unavailable", status } : undefined;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
