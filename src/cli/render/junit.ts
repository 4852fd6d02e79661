import type { Report, ServiceItem } from "../report.ts";

/** A report in JUnit's XML: a suite for each namespace, a test case for each Ingress. */
export function renderJunit({ items: ingresses, services }: Report): string {
  const items = [...ingresses, ...services.map((item) => ({ ...item, name: `Service ${item.name}` }))];
  const suites = [...Map.groupBy(items, ({ namespace }) => namespace)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ingress-doctor" ${counts(items)}>`,
    ...suites.flatMap(([namespace, of]) => [
      `  <testsuite name="${escaped(namespace)}" ${counts(of)}>`,
      ...of.flatMap(testCase),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(item: ServiceItem): string[] {
  const { namespace, name, status } = item;
  const open = `    <testcase classname="${escaped(namespace)}" name="${escaped(name)}"`;
  if (status.verdict === "Healthy" || status.verdict === "Progressing") return [`${open}/>`];
  const text = status.findings
    .filter(({ severity }) => severity !== "info")
    .map(({ code, severity, message, fix }) => `${severity} ${code}: ${message}\nFix: ${fix.summary}`)
    .join("\n\n");
  const message = escaped(status.summary);
  const outcome = hasFailed(item)
    ? `<failure message="${message}" type="${escaped(status.cause?.reason ?? status.verdict)}">${escaped(text)}</failure>`
    : status.verdict === "Unknown"
      ? `<skipped message="${message}"/>`
      : `<system-out>${escaped(text)}</system-out>`;
  return [`${open}>`, `      ${outcome}`, "    </testcase>"];
}

function hasFailed({ diagnosis }: ServiceItem): boolean {
  return diagnosis.findings.some(({ severity, settling }) => severity === "error" && !settling);
}

function counts(items: readonly ServiceItem[]): string {
  const failed = items.filter(hasFailed).length;
  const skipped = items.filter((item) => item.status.verdict === "Unknown" && !hasFailed(item)).length;
  return `tests="${items.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
}

/** Text inside XML; characters that XML 1.0 forbids cannot be there, because statuses are clean. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
  };
  return text.replace(/[&<>"\n]/g, (char) => names[char] ?? char);
}
