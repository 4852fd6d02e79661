import type { BackendConfig } from "../../model/gke-config.ts";
import type { Unknown } from "../../model/observed.ts";
import { objectKey } from "../../model/refs.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import type { InvalidAnnotation } from "./annotation-value.ts";
import {
  type BackendConfigEntry,
  type BackendConfigNames,
  backendConfigEntry,
  parseBackendConfigNames,
} from "./backend-config-annotation.ts";
import { type BackendConfigCheck, checkBackendConfig } from "./backend-config-problems.ts";
import type { Product } from "./ingress-class.ts";
import type { GkeLookup } from "./lookup.ts";
import type { BackendConfigFault } from "./translation-error.ts";

/**
 * How a Service port comes to its BackendConfig.
 *
 * - `none`: the Service has no such annotation;
 * - `invalid` and `empty`: the annotation stops the translation;
 * - `unmatched`: no entry is for this port, and no default: the controller uses none, silently;
 * - `unread`: an object is named, but BackendConfigs could not be read;
 * - `missing`: the named object does not exist, which stops the translation;
 * - `chosen`: the object that applies; problems of its spec stop the translation.
 */
export type BackendConfigChoice =
  | { readonly kind: "none" }
  | { readonly kind: "invalid"; readonly annotation: string; readonly error: InvalidAnnotation }
  | { readonly kind: "empty"; readonly annotation: string }
  | { readonly kind: "unmatched"; readonly annotation: string; readonly names: BackendConfigNames }
  | ({ readonly kind: "unread"; readonly missing: Unknown } & Named)
  | ({ readonly kind: "missing" } & Named)
  | ({ readonly kind: "chosen"; readonly config: BackendConfig } & Named & BackendConfigCheck);

/** The entry that names a BackendConfig. */
interface Named {
  readonly annotation: string;
  readonly entry: BackendConfigEntry;
}

/** Finds the BackendConfig of a Service port, in the Service's namespace, and checks its spec. */
export function chooseBackendConfig(
  service: Service,
  port: ServicePort,
  product: Product,
  lookup: GkeLookup,
): BackendConfigChoice {
  const parsed = parseBackendConfigNames(service);
  if (parsed.kind === "absent") return { kind: "none" };
  const annotation = parsed.key;
  if (parsed.kind === "invalid") return { kind: "invalid", annotation, error: parsed };
  const names = parsed.value;
  if (names.default === "" && names.ports.size === 0) return { kind: "empty", annotation };
  const entry = backendConfigEntry(names, port);
  if (entry === undefined || entry.name === "") return { kind: "unmatched", annotation, names };
  const found = lookup.backendConfig(objectKey(service.ref.namespace, entry.name));
  if (!found.known) return { kind: "unread", annotation, entry, missing: found };
  if (found.value === undefined) return { kind: "missing", annotation, entry };
  const check = checkBackendConfig(found.value, product, lookup);
  return { kind: "chosen", annotation, entry, config: found.value, ...check };
}

/** What the controller refuses about a choice; undefined when it goes on with it. */
export function backendConfigFault(choice: BackendConfigChoice): BackendConfigFault | undefined {
  switch (choice.kind) {
    case "invalid":
      return { kind: "annotation-invalid", annotation: choice.annotation, reason: choice.error.reason };
    case "empty":
      return { kind: "annotation-empty", annotation: choice.annotation };
    case "missing":
      return { kind: "missing", annotation: choice.annotation, name: choice.entry.name };
    case "chosen": {
      const first = choice.problems[0];
      return first && { kind: "invalid-spec", name: choice.entry.name, first };
    }
    default:
      return undefined;
  }
}

/** Reads that failed and leave open whether the controller refuses the choice. */
export function undecidedChoice(choice: BackendConfigChoice): readonly Unknown[] {
  if (choice.kind === "unread") return [choice.missing];
  return choice.kind === "chosen" && choice.problems.length === 0 ? choice.undecided : [];
}
