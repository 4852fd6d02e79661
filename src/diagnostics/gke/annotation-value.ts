import type { StringMap } from "../../model/refs.ts";
import { decodeGoJson, type JsonNode } from "./go-json.ts";
import { repairJson } from "./repair-json.ts";

/** What an annotation says. `key` is the annotation it was read from, `raw` its text. */
export type Parsed<T> =
  | { readonly kind: "absent" }
  | { readonly kind: "valid"; readonly key: string; readonly raw: string; readonly value: T }
  | InvalidAnnotation;

/** A JSON annotation that GKE cannot read. */
export interface InvalidAnnotation {
  readonly kind: "invalid";
  readonly key: string;
  readonly raw: string;
  /** Half a sentence in own words, e.g. `a value was expected, and "b" stands there`. */
  readonly reason: string;
  /** Offset of the fault in `raw`, in UTF-16 units from 0. */
  readonly at: number;
  /** The text that was probably meant; GKE could read it. */
  readonly repaired?: string;
}

/** Absence of an annotation. */
export const ABSENT = { kind: "absent" } as const;

/** How one JSON annotation is decoded. */
export interface JsonAnnotation<T> {
  /** Keys in the order in which the controller looks for them; only the first one present counts. */
  readonly keys: readonly string[];
  readonly decode: (node: JsonNode, into: T) => T;
  readonly zero: T;
}

/** Reads a JSON annotation as ingress-gce does; an empty text is invalid, not absent. */
export function parseJsonAnnotation<T>(annotations: StringMap, format: JsonAnnotation<T>): Parsed<T> {
  for (const key of format.keys) {
    const raw = annotations[key];
    if (raw !== undefined) return parseValue(key, raw, format);
  }
  return ABSENT;
}

function parseValue<T>(key: string, raw: string, { decode, zero }: JsonAnnotation<T>): Parsed<T> {
  const result = decodeGoJson(raw, decode, zero);
  if (result.ok) return { kind: "valid", key, raw, value: result.value };
  const repaired = repairJson(raw, (candidate) => decodeGoJson(candidate, decode, zero).ok);
  return { kind: "invalid", key, raw, ...result.error, ...(repaired === undefined ? {} : { repaired }) };
}
