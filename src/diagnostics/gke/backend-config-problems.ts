import type { BackendConfig, SecretFacts } from "../../model/gke-config.ts";
import type { Observed, Unknown } from "../../model/observed.ts";
import { objectKey } from "../../model/refs.ts";
import type { Product } from "./ingress-class.ts";
import type { GkeLookup } from "./lookup.ts";

/** Affinity types that the controller takes. */
export const AFFINITY_TYPES: readonly string[] = ["NONE", "CLIENT_IP", "GENERATED_COOKIE"];

/** Longest lifetime of an affinity cookie, in seconds. */
export const MAX_COOKIE_TTL_SEC = 86_400;

/** Something in a BackendConfig that the controller refuses; `field` is its JSON path. */
export type BackendConfigProblem =
  | { readonly kind: "iap-with-cdn"; readonly field: string }
  | { readonly kind: "unsupported-by-product"; readonly field: string; readonly product: Product }
  | { readonly kind: "secret-missing"; readonly field: string; readonly secret: string }
  | {
      readonly kind: "secret-key-missing";
      readonly field: string;
      readonly secret: string;
      readonly key: string;
    }
  | { readonly kind: "affinity-type"; readonly field: string; readonly value: string }
  | { readonly kind: "affinity-ttl"; readonly field: string; readonly value: number }
  | { readonly kind: "sample-rate"; readonly field: string; readonly value: number };

/** Every problem of a BackendConfig, and what could not be checked. */
export interface BackendConfigCheck {
  /** In the controller's order; it reports the first one only. */
  readonly problems: readonly BackendConfigProblem[];
  /** Secrets that could not be read. */
  readonly undecided: readonly Unknown[];
}

/**
 * Checks a BackendConfig as the controller does while it translates.
 *
 * Ranges of the health check, the timeout and the CDN are not checked here: they fail later, at Google.
 * Source: pkg/backendconfig/validation.go of ingress-gce.
 */
export function checkBackendConfig(
  config: BackendConfig,
  product: Product,
  lookup: GkeLookup,
): BackendConfigCheck {
  const undecided: Unknown[] = [];
  const secrets: SecretReader = (name, field, keys) => {
    const found = lookup.secret(objectKey(config.ref.namespace, name));
    if (!found.known) undecided.push(found);
    return secretProblems(found, { name, field, keys });
  };
  const problems = [
    ...iapProblems(config, product, secrets),
    ...cdnProblems(config, product, secrets),
    ...affinityProblems(config),
    ...loggingProblems(config),
  ];
  return { problems, undecided };
}

type SecretReader = (name: string, field: string, keys: readonly string[]) => BackendConfigProblem[];

function secretProblems(
  secret: Observed<SecretFacts | undefined>,
  wanted: { readonly name: string; readonly field: string; readonly keys: readonly string[] },
): BackendConfigProblem[] {
  if (!secret.known) return [];
  const { name, field, keys } = wanted;
  const present = secret.value?.keys;
  if (present === undefined) return [{ kind: "secret-missing", field, secret: name }];
  const missing = keys.filter((key) => !present.includes(key));
  return missing.map((key) => ({ kind: "secret-key-missing", field, secret: name, key }));
}

function iapProblems(
  { iap, cdn }: BackendConfig,
  product: Product,
  secrets: SecretReader,
): BackendConfigProblem[] {
  if (iap?.enabled !== true) return [];
  const problems = unsupported("spec.iap.enabled", product);
  if (iap.secretName !== undefined) {
    const field = "spec.iap.oauthclientCredentials.secretName";
    problems.push(...secrets(iap.secretName, field, ["client_id", "client_secret"]));
  }
  if (cdn?.enabled === true) problems.push({ kind: "iap-with-cdn", field: "spec.cdn.enabled" });
  return problems;
}

function cdnProblems(
  { cdn }: BackendConfig,
  product: Product,
  secrets: SecretReader,
): BackendConfigProblem[] {
  if (cdn?.enabled !== true) return [];
  const problems = unsupported("spec.cdn.enabled", product);
  for (const [index, name] of cdn.signedUrlSecrets.entries()) {
    problems.push(...secrets(name, `spec.cdn.signedUrlKeys[${index}].secretName`, ["key_value"]));
  }
  return problems;
}

function unsupported(field: string, product: Product): BackendConfigProblem[] {
  return product === "regional-external" ? [{ kind: "unsupported-by-product", field, product }] : [];
}

function affinityProblems({ sessionAffinity }: BackendConfig): BackendConfigProblem[] {
  const problems: BackendConfigProblem[] = [];
  const type = sessionAffinity?.type ?? "";
  if (type !== "" && !AFFINITY_TYPES.includes(type)) {
    problems.push({ kind: "affinity-type", field: "spec.sessionAffinity.affinityType", value: type });
  }
  const ttl = sessionAffinity?.cookieTtlSec;
  if (ttl !== undefined && (ttl < 0 || ttl > MAX_COOKIE_TTL_SEC)) {
    problems.push({ kind: "affinity-ttl", field: "spec.sessionAffinity.affinityCookieTtlSec", value: ttl });
  }
  return problems;
}

function loggingProblems({ logging }: BackendConfig): BackendConfigProblem[] {
  const rate = logging?.sampleRate;
  if (rate === undefined || (rate >= 0 && rate <= 1)) return [];
  return [{ kind: "sample-rate", field: "spec.logging.sampleRate", value: rate }];
}
