import { createHash } from "node:crypto";
import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { cleanText } from "../diagnostics/text.ts";
import type { EventRequest, StoredStatus } from "./ports.ts";
import { subjectKey } from "./stored-status.ts";

/** A cause is said again this often while it lasts: the API server forgets Events after an hour. */
export const REPEAT_MS = 60 * 60_000;

/** Longest note in bytes; `events.k8s.io/v1` refuses more than 1,024. */
const MAX_NOTE_BYTES = 1000;

/** Longest part of an Event's name that repeats the name of the Ingress. */
const MAX_NAME_PREFIX = 200;

/** One publication: what was said before, and what is said from now on. */
export interface Publication {
  readonly diagnosis: Diagnosis;
  /** Status before it; undefined for the first one of this Ingress. */
  readonly before: StoredStatus | undefined;
  /** Status after it. */
  readonly after: StoredStatus;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The Events that should exist after a publication. Pure; the same fact always has the same name.
 *
 * The cause of a broken or degraded Ingress is due whenever it lasts, once per {@link REPEAT_MS}, so that a
 * restart can neither lose nor repeat it. Findings that appeared and a recovery are due at their transition.
 * Hints and findings that only follow from others are never Events.
 */
export function dueEvents(publication: Publication): EventRequest[] {
  return [causeEvent(publication), ...appearedEvents(publication), recoveryEvent(publication)].filter(
    (event) => event !== undefined,
  );
}

/** Milliseconds until {@link dueEvents} says the cause again; undefined when there is none to say. */
export function nextRepeat({ diagnosis, after, now }: Publication): number | undefined {
  if (causeFinding(diagnosis) === undefined) return undefined;
  const age = Math.max(0, now - since(after, now));
  return REPEAT_MS - (age % REPEAT_MS);
}

function causeEvent({ diagnosis, after, now }: Publication): EventRequest | undefined {
  const cause = causeFinding(diagnosis);
  if (cause === undefined) return undefined;
  const start = since(after, now);
  const period = Math.floor(Math.max(0, now - start) / REPEAT_MS);
  return findingEvent(diagnosis, cause, { identity: ["cause", cause.code, start, period], now });
}

function appearedEvents({ diagnosis, before, after, now }: Publication): EventRequest[] {
  const known = new Set(before?.findings.map(({ code, subject }) => `${code} ${subject}`));
  const cause = causeFinding(diagnosis);
  const appeared = diagnosis.findings.filter(
    (finding) =>
      isEventful(finding) &&
      !finding.settling &&
      finding.code !== cause?.code &&
      !known.has(`${finding.code} ${subjectKey({ ...finding.subject })}`),
  );
  return appeared.map((finding) =>
    findingEvent(diagnosis, finding, {
      identity: ["finding", finding.code, subjectKey({ ...finding.subject }), since(after, now)],
      now,
    }),
  );
}

function recoveryEvent({ diagnosis, before, after, now }: Publication): EventRequest | undefined {
  const wasBad = before !== undefined && before.verdict !== "Healthy" && before.verdict !== "Unknown";
  if (diagnosis.verdict !== "Healthy" || !wasBad) return undefined;
  return event(diagnosis, {
    type: "Normal",
    reason: "Healthy",
    note: diagnosis.summary,
    identity: ["healthy", since(after, now)],
    now,
  });
}

function causeFinding(diagnosis: Diagnosis): Finding | undefined {
  if (diagnosis.verdict !== "Broken" && diagnosis.verdict !== "Degraded") return undefined;
  return diagnosis.findings.find(
    ({ code, severity }) => code === diagnosis.cause?.code && severity !== "info",
  );
}

function isEventful(finding: Finding): boolean {
  return finding.severity !== "info" && !finding.consequence && finding.causedBy === undefined;
}

function since(status: StoredStatus, now: number): number {
  return status.lastTransitionAt ?? now;
}

interface Said {
  /** What makes this fact the same fact; it becomes the name. */
  readonly identity: readonly (string | number)[];
  readonly now: number;
}

function findingEvent(diagnosis: Diagnosis, finding: Finding, said: Said): EventRequest {
  const note = `${finding.message} ${finding.fix.summary} (${finding.code})`;
  return event(diagnosis, { type: "Warning", reason: finding.reason, note, ...said });
}

function event(
  { ingress, uid }: Diagnosis,
  { identity, now, note, ...rest }: Pick<EventRequest, "type" | "reason" | "note"> & Said,
): EventRequest {
  return {
    ...rest,
    name: `${ingress.name.slice(0, MAX_NAME_PREFIX).replace(/[.-]+$/, "")}.${fingerprint([uid, ...identity])}`,
    regarding: { ...ingress, uid },
    action: "Diagnosed",
    note: cutToBytes(cleanText(note), MAX_NOTE_BYTES),
    at: now,
  };
}

function fingerprint(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

function cutToBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) return text;
  let end = max - Buffer.byteLength("…");
  // Continuation bytes of UTF-8 are 10xxxxxx; the cut goes before the character they belong to.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.subarray(0, end).toString()}…`;
}
