import type { StatusFinding } from "../../reconciler/status-types.ts";
import type { Report, ReportItem } from "../report.ts";

/** A report for a pull request: one table of all Ingresses, and a section for each that is not healthy. */
export function renderMarkdown(report: Report): string {
  const subjects = [
    ...report.items.map((item) => ({ ...item, title: `${item.namespace}/${item.name}` })),
    ...report.services.map((item) => ({ ...item, title: `Service ${item.namespace}/${item.name}` })),
  ];
  const rows = subjects.map(({ title, status }) =>
    row([
      escaped(title),
      status.verdict,
      status.symptom === "none" ? "" : status.symptom,
      status.cause === undefined ? "" : `${status.cause.code} ${status.cause.reason}`,
      status.routesServed,
    ]),
  );
  const table = [
    row(["Ingress", "verdict", "symptom", "cause", "routes"]),
    row(Array(5).fill("---")),
    ...rows,
  ];
  return `${["# Ingress Doctor", table.join("\n"), ...subjects.flatMap(section)].join("\n\n")}\n`;
}

function section({ title, status }: Pick<ReportItem, "status"> & { readonly title: string }): string[] {
  const findings = status.findings.filter(({ severity }) => severity !== "info");
  if (findings.length === 0) return [];
  const heading = `## ${escaped(title)}: ${status.verdict}`;
  return [heading, ...findings.flatMap((finding) => findingParts(finding, status.cause?.code))];
}

function findingParts(
  { code, reason, severity, message, fix, causedBy }: StatusFinding,
  cause?: string,
): string[] {
  const role =
    code === cause ? "most likely cause" : causedBy === undefined ? severity : `follows from ${causedBy}`;
  return [
    `**${code} ${reason}** (${role}): ${escaped(message)}`,
    `Fix: ${escaped(fix.summary)}`,
    ...(fix.command === undefined ? [] : [fence("sh", fix.command)]),
    ...(fix.patch === undefined ? [] : [fence("yaml", fix.patch.trimEnd())]),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Text as it is: nothing of it becomes markup, a link or a mention. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~<>&]/g, "\\$&")
    .replaceAll("@", "&#64;")
    .replace(/\s+/g, " ");
}

/** A fence longer than any run of backticks inside. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}
