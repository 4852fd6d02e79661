import type { Undecided } from "../../diagnostics/diagnosis.ts";
import { cleanText, counted, listed } from "../../diagnostics/text.ts";
import type { StatusFinding } from "../../reconciler/status-types.ts";
import { summaryFor } from "../../report/summary.ts";
import type { Report, ReportItem, ServiceItem } from "../report.ts";
import type { Paint, Tone } from "../terminal.ts";
import { columns, labelled } from "./layout.ts";

/** How a report is shown to people. */
export interface TextOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Also shows findings that break nothing. */
  readonly hints: boolean;
}

/** The tone of each verdict. */
export const TONES: Readonly<Record<string, Tone>> = {
  Healthy: "good",
  Degraded: "warning",
  Broken: "bad",
  Progressing: "unsure",
  Unknown: "unsure",
};

/** A report for people: the most likely cause of each Ingress first, then what follows, then what stayed open. */
export function renderText(report: Report, options: TextOptions): string {
  const sections = [
    ...report.items.map((item) => itemLines(item, report, options)),
    ...report.services.map((item) => serviceLines(item, report, options)),
    undecidedLines(report, options),
    [closingLine(report, options)],
  ];
  const filled = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${filled.join("\n\n")}\n`;
}

function itemLines(
  { namespace, name, diagnosis, status }: ReportItem,
  report: Report,
  options: TextOptions,
): string[] {
  const { width, paint } = options;
  const tone = TONES[status.verdict] ?? "unsure";
  const symptom = status.symptom === "none" ? "" : ` (${status.symptom})`;
  const addresses = listed(status.addresses ?? [], 3);
  const place = report.placeOf({ ...diagnosis.ingress, kind: "Ingress" });
  const notes = [
    ...(place === undefined ? [] : [`${place.file}:${place.line}`]),
    ...(addresses === "none" ? [] : [addresses]),
  ];
  const head = `${paint("strong", `${namespace}/${name}`)}: ${paint(tone, `${status.verdict}${symptom}`)}`;
  const lines = [`${head}${notes.length === 0 ? "" : paint("quiet", `  ${cleanText(notes.join("  "))}`)}`];
  const cause = status.findings.find(({ code }) => code === status.cause?.code);
  if (cause === undefined) lines.push(...labelled("  ", summaryFor(report.origin, status), width));
  else lines.push(...causeLines(cause, options));
  lines.push(...otherLines(status.findings, cause, options), ...routeLines(status, report, options));
  return lines;
}

function serviceLines(
  { namespace, name, status }: ServiceItem,
  report: Report,
  options: TextOptions,
): string[] {
  const { paint } = options;
  const symptom = status.symptom === "none" ? "" : ` (${status.symptom})`;
  const place = report.placeOf({ kind: "Service", namespace, name });
  const cause = status.findings.find(({ code }) => code === status.cause?.code);
  const head = `${paint("strong", `Service ${namespace}/${name}`)}, used by no Ingress: ${paint(TONES[status.verdict] ?? "unsure", `${status.verdict}${symptom}`)}`;
  return [
    `${head}${place === undefined ? "" : paint("quiet", `  ${cleanText(`${place.file}:${place.line}`)}`)}`,
    ...(cause === undefined ? labelled("  ", status.summary, options.width) : causeLines(cause, options)),
    ...otherLines(status.findings, cause, options),
  ];
}

/** The most likely cause and its fix. */
export function causeLines(cause: StatusFinding, options: Pick<TextOptions, "width" | "paint">): string[] {
  const { width, paint } = options;
  return [
    ...labelled("  Cause:  ", `${cause.message} [${cause.code} ${cause.reason}]`, width),
    ...fixLines(cause, "  Fix:    ", { width, paint }),
  ];
}

/** Commands and patches are never wrapped: they are made to be copied. */
function fixLines(
  { fix }: StatusFinding,
  label: string,
  { width, paint }: Pick<TextOptions, "width" | "paint">,
): string[] {
  const indent = " ".repeat(label.length);
  return [
    ...labelled(label, fix.summary, width),
    ...(fix.command === undefined ? [] : [paint("strong", `${indent}$ ${fix.command}`)]),
    ...(fix.patch === undefined || fix.command !== undefined
      ? []
      : fix.patch
          .trimEnd()
          .split("\n")
          .map((line) => paint("strong", `${indent}${line}`))),
  ];
}

function otherLines(
  findings: readonly StatusFinding[],
  cause: StatusFinding | undefined,
  options: TextOptions,
): string[] {
  const others = findings.filter((finding) => finding !== cause);
  const consequences = others.filter(({ causedBy }) => causedBy !== undefined);
  const hints = others.filter(({ severity, causedBy }) => severity === "info" && causedBy === undefined);
  const more = others.filter((finding) => !consequences.includes(finding) && !hints.includes(finding));
  return [
    ...findingLines("Follows from it:", consequences, options, false),
    ...findingLines("Also found:", more, options, true),
    ...(options.hints ? findingLines("Hints:", hints, options, true) : []),
  ];
}

function findingLines(
  title: string,
  findings: readonly StatusFinding[],
  { width, paint }: TextOptions,
  withFix: boolean,
): string[] {
  if (findings.length === 0) return [];
  return [
    `  ${title}`,
    ...findings.flatMap((finding) => [
      ...labelled(`    ${finding.severity} ${finding.code}  `, finding.message, width),
      ...(withFix ? fixLines(finding, "      Fix: ", { width, paint }) : []),
    ]),
  ];
}

function routeLines(status: ReportItem["status"], { origin }: Report, { width }: TextOptions): string[] {
  const { routes } = status;
  if (routes.length === 0 || status.verdict === "Healthy") return [];
  const cut = status.counts.routes - routes.length;
  return [
    "  Routes:",
    ...columns(
      routes.map(({ host, path, service = "", port = "", answer, finding = "", frozen }) => [
        `    ${host}${path}`,
        service === "" ? "-" : `${service}:${port}`,
        `${answer}${frozen && origin === "cluster" ? " (older version)" : ""}`,
        finding,
      ]),
      width,
    ),
    ...(cut > 0 ? [`    and ${cut} more: ingress-doctor route --all`] : []),
  ];
}

/** Each question once, with the number of Ingresses it is open for. */
function undecidedLines({ items }: Report, { width }: TextOptions): string[] {
  const open = new Map<string, { readonly asked: Undecided; count: number }>();
  for (const { diagnosis } of items) {
    for (const asked of diagnosis.undecided) {
      const key = `${asked.question}\n${asked.needs}`;
      const found = open.get(key);
      if (found === undefined) open.set(key, { asked, count: 1 });
      else found.count += 1;
    }
  }
  if (open.size === 0) return [];
  const lines = [...open.values()].flatMap(({ asked: { question, reason, needs }, count }) => {
    const of = count === items.length ? "" : ` for ${count} of ${items.length} Ingresses`;
    return labelled("  - ", cleanText(`${question} ${reason}${of}; needs ${needs}`), width);
  });
  return ["Undecided:", ...lines];
}

function closingLine({ items, services, leftOut }: Report, { hints, paint }: TextOptions): string {
  const verdicts = Object.keys(TONES).flatMap((verdict) => {
    const count = items.filter(({ status }) => status.verdict === verdict).length;
    return count === 0 ? [] : [paint(TONES[verdict] ?? "quiet", `${count} ${verdict}`)];
  });
  const hidden = items.flatMap(({ diagnosis }) =>
    diagnosis.findings.filter(({ severity }) => severity === "info"),
  ).length;
  return [
    `${items.length} ${items.length === 1 ? "Ingress" : "Ingresses"}: ${verdicts.join(", ") || "none of GKE's"}`,
    ...(services.length === 0
      ? []
      : [`${counted(services.length, "Service")} with NEGs that no Ingress uses`]),
    ...(leftOut === 0 ? [] : [`${leftOut} of other controllers left out`]),
    ...(hidden === 0 || hints ? [] : [`${counted(hidden, "hint")} hidden, shown with --hints`]),
  ].join("; ");
}
