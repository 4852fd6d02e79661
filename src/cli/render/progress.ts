import { duration, listed } from "../../diagnostics/text.ts";
import { timeText } from "../../diagnostics/time-text.ts";
import type { StatusCondition } from "../../reconciler/status-types.ts";
import type { Sighting } from "../follower.ts";
import type { Paint, Tone } from "../terminal.ts";
import { columns, labelled } from "./layout.ts";
import { causeLines, TONES } from "./text.ts";

/** How progress is shown on a screen that is drawn again and again. */
export interface ScreenOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What tells two sightings apart for somebody who reads lines: everything but the time. */
export function changeKey({ status }: Sighting): string {
  const { verdict, symptom, summary, cause, conditions, settlesAt } = status;
  const steps = conditions.map(({ type, status: answer, reason }) => [type, answer, reason]);
  return JSON.stringify([verdict, symptom, summary, cause?.code, steps, settlesAt]);
}

/** One line for a log: moment, Ingress, verdict, and what is missing since when. */
export function progressLine(sighting: Sighting): string {
  const { namespace, name, at, status } = sighting;
  const { verdict, symptom, summary, cause, settlesAt } = status;
  const missing = missingIn(sighting).map(
    (condition) => `${condition.type} (${sinceText(condition, sighting)})`,
  );
  const sentences = [
    `${verdict}${symptom === "none" ? "" : ` (${symptom})`}: ${summary}${cause === undefined ? "" : ` [${cause.code}]`}`,
    ...(missing.length === 0 ? [] : [`Missing: ${missing.join(", ")}.`]),
    ...(settlesAt === undefined ? [] : [`Settles by ${settlesAt}.`]),
  ];
  return `${timeText(at)} ${namespace}/${name} ${sentences.join(" ")}`;
}

/** The same facts for programs. */
export function progressData(sighting: Sighting): object {
  const { namespace, name, at, status, watchedSince } = sighting;
  const { verdict, symptom, summary, cause, settlesAt, conditions } = status;
  return {
    time: timeText(at),
    namespace,
    name,
    verdict,
    symptom,
    summary,
    ...(cause === undefined ? {} : { cause }),
    conditions: conditions.map((condition) => ({
      type: condition.type,
      status: condition.status,
      reason: condition.reason,
      message: condition.message,
      since: condition.lastTransitionTime,
      sinceIsExact: !isAtStart(condition, watchedSince),
    })),
    ...(settlesAt === undefined ? {} : { settlesAt }),
  };
}

const ANSWERS: Readonly<Record<StatusCondition["status"], readonly [tone: Tone, word: string]>> = {
  True: ["good", "yes"],
  False: ["bad", "no"],
  Unknown: ["unsure", "unknown"],
};

/** One Ingress on a screen: the checklist, with how long each missing step is missing. */
export function checklist(sighting: Sighting, options: ScreenOptions): string[] {
  const { width, paint, now } = options;
  const { status, namespace, name } = sighting;
  const { verdict, symptom, summary, findings, settlesAt, conditions } = status;
  const cause = findings.find(({ code }) => code === status.cause?.code);
  const word = paint(TONES[verdict] ?? "unsure", `${verdict}${symptom === "none" ? "" : ` (${symptom})`}`);
  const steps = conditions.filter(({ type }) => type !== "Ready");
  return [
    `${paint("strong", `${namespace}/${name}`)}: ${word}`,
    ...(cause === undefined ? labelled("  ", summary, width) : causeLines(cause, { width, paint })),
    ...steps.flatMap((condition) => {
      const [tone, answer] = ANSWERS[condition.status];
      const age = condition.status === "True" ? "" : `${ageText(condition, sighting, now)}: `;
      const label = `  ${answer.padEnd(8)} ${condition.type.padEnd(20)} `;
      const [first = "", ...rest] = labelled(label, `${age}${condition.message}`, width);
      return [first.replace(answer, () => paint(tone, answer)), ...rest];
    }),
    ...(settlesAt === undefined
      ? []
      : labelled("  ", `Time alone may change this until ${settlesAt}, ${inText(settlesAt, now)}.`, width)),
  ];
}

/** Many Ingresses on a screen, one in a row; those with trouble come first. */
export function overview(sightings: readonly Sighting[], { width, paint, now }: ScreenOptions): string[] {
  const order = ["Broken", "Degraded", "Unknown", "Progressing", "Healthy"];
  const sorted = [...sightings].sort(
    (a, b) => order.indexOf(a.status.verdict) - order.indexOf(b.status.verdict) || (a.key < b.key ? -1 : 1),
  );
  const rows = sorted.map((sighting) => {
    const ready = sighting.status.conditions.find(({ type }) => type === "Ready");
    const missing = missingIn(sighting).map(({ type }) => type);
    const { verdict, cause } = sighting.status;
    const why = cause === undefined ? listed(missing) : `${cause.code} ${cause.reason}`;
    return [
      `${sighting.namespace}/${sighting.name}`,
      verdict,
      ready === undefined ? "" : ageText(ready, sighting, now),
      verdict === "Healthy" ? "" : why,
    ];
  });
  const [header = "", ...lines] = columns(
    [["INGRESS", "VERDICT", "SINCE", "MISSING"], ...rows],
    Number.POSITIVE_INFINITY,
  );
  const cut = (line: string) => [...line].slice(0, width - 1).join("");
  return [
    cut(header),
    ...lines.map((line, index) => {
      const { verdict } = sorted[index]?.status ?? { verdict: "Unknown" };
      return cut(line).replace(` ${verdict} `, () => ` ${paint(TONES[verdict] ?? "unsure", verdict)} `);
    }),
  ];
}

/** Steps of the checklist that are not done. */
export function missingIn({ status }: Sighting): readonly StatusCondition[] {
  return status.conditions.filter(({ type, status: answer }) => type !== "Ready" && answer !== "True");
}

function sinceText(condition: StatusCondition, { watchedSince }: Sighting): string {
  const { lastTransitionTime } = condition;
  return `since ${isAtStart(condition, watchedSince) ? "before " : ""}${lastTransitionTime}`;
}

function ageText(condition: StatusCondition, { watchedSince }: Sighting, now: number): string {
  const age = duration(now - Date.parse(condition.lastTransitionTime));
  return `for ${isAtStart(condition, watchedSince) ? "more than " : ""}${age}`;
}

/** What held when the watch began has begun before, nobody knows when. */
function isAtStart({ lastTransitionTime }: StatusCondition, watchedSince: number | undefined): boolean {
  return watchedSince !== undefined && Date.parse(lastTransitionTime) <= watchedSince;
}

/** A moment as it lies ahead. */
export function inText(moment: string, now: number): string {
  return `in ${duration(Date.parse(moment) - now)}`;
}
