import type { Suppressed } from "./diagnosis.ts";
import type { Finding } from "./finding.ts";
import type { Moment } from "./moment.ts";
import { cleanText } from "./text.ts";

/** Annotation on an Ingress that silences findings: `GID601 until 2027-01-31: reason; GID514: reason`. */
export const IGNORE_ANNOTATION = "ingressdoctor.dev/ignore";

/** One entry of the annotation that could be read. */
export interface Suppression {
  readonly code: string;
  /** Last day it holds, `YYYY-MM-DD`; undefined for no end. */
  readonly until?: string;
  readonly note: string;
}

/** One entry that has no effect, with what is wrong with it. */
export interface InvalidSuppression {
  readonly entry: string;
  readonly problem: "malformed" | "expired" | "no-reason" | "bad-date";
}

/** The annotation, split into what holds and what does not. */
export interface Suppressions {
  readonly active: readonly Suppression[];
  readonly invalid: readonly InvalidSuppression[];
}

const ENTRY = /^(GID\d{3})(?:\s+until\s+(\S+?))?\s*(?::\s*(.*))?$/s;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 24 * 60 * 60_000;
/** Entries beyond this many are not read: an annotation may hold 256 KiB. */
const MAX_ENTRIES = 50;

/** Reads the annotation's value; `now` decides which entries have expired (they hold to the end of their day, UTC). */
export function parseSuppressions(value: string | undefined, now: Moment): Suppressions {
  const active: Suppression[] = [];
  const invalid: InvalidSuppression[] = [];
  for (const raw of (value ?? "")
    .slice(0, 64 * 1024)
    .split(";")
    .slice(0, MAX_ENTRIES)) {
    const entry = raw.trim();
    if (entry === "") continue;
    const parsed = parseEntry(entry, now);
    if ("problem" in parsed) invalid.push(parsed);
    else active.push(parsed);
  }
  return { active, invalid };
}

function parseEntry(entry: string, now: Moment): Suppression | InvalidSuppression {
  const shown = cleanText(entry, 128);
  const [, code, until, note] = ENTRY.exec(entry) ?? [];
  if (code === undefined) return { entry: shown, problem: "malformed" };
  if (note === undefined || note.trim() === "") return { entry: shown, problem: "no-reason" };
  if (until === undefined) return { code, note: cleanText(note, 256) };
  const lastDay = DATE.test(until) ? Date.parse(`${until}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(lastDay)) return { entry: shown, problem: "bad-date" };
  if (now.hasCome(lastDay + DAY_MS)) return { entry: shown, problem: "expired" };
  return { code, until, note: cleanText(note, 256) };
}

/** Takes the findings an active entry names out of the list, and says which entries did so. */
export function suppress(
  findings: readonly Finding[],
  active: readonly Suppression[],
): { readonly findings: readonly Finding[]; readonly suppressed: readonly Suppressed[] } {
  const codes = new Set(active.map((entry) => entry.code));
  const hit = new Set(findings.filter((finding) => codes.has(finding.code)).map((finding) => finding.code));
  return {
    findings: findings.filter((finding) => !codes.has(finding.code)),
    suppressed: active.filter((entry) => hit.has(entry.code)),
  };
}
