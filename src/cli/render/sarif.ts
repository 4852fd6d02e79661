import { RULES } from "../../diagnostics/registry.ts";
import { reasonOf } from "../../diagnostics/rule.ts";
import type { StatusFinding } from "../../reconciler/status-types.ts";
import { VERSION } from "../../version.ts";
import type { Report, ReportItem } from "../report.ts";
import { renderJson } from "./data.ts";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** A report in SARIF 2.1.0, for code scanning; findings in manifests carry file and line. */
export function renderSarif(report: Report): string {
  const subjects = [
    ...report.items.map((item) => ({ ...item, kind: "Ingress" })),
    ...report.services.map((item) => ({ ...item, kind: "Service" })),
  ];
  const results = subjects.flatMap((item) =>
    item.status.findings.map((finding) => resultOf(finding, item, report)),
  );
  const codes = new Set(results.map(({ ruleId }) => ruleId));
  return renderJson({
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "ingress-doctor",
            semanticVersion: VERSION,
            rules: RULES.filter(({ code }) => codes.has(code)).map((rule) => ({
              id: rule.code,
              name: reasonOf(rule.slug),
              shortDescription: { text: rule.summary },
              fullDescription: { text: rule.why },
              help: { text: rule.fix },
              defaultConfiguration: { level: LEVELS[rule.severity] },
            })),
          },
        },
        results,
      },
    ],
  });
}

type Subject = Pick<ReportItem, "namespace" | "name"> & { readonly kind: string };

function resultOf(finding: StatusFinding, item: Subject, { placeOf }: Report) {
  const { code, severity, message, fix, subject } = finding;
  const { kind, namespace = "", name, fieldPath } = subject;
  const place = placeOf({ kind, namespace, name }) ?? placeOf(item);
  const fullName = [kind, namespace, name].filter(Boolean).join("/");
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: `${message} ${fix.summary}` },
    locations: [
      {
        ...(place === undefined
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(place.file.replaceAll("\\", "/")) },
                region: { startLine: place.line },
              },
            }),
        logicalLocations: [
          { fullyQualifiedName: fieldPath === undefined ? fullName : `${fullName}#${fieldPath}` },
        ],
      },
    ],
    partialFingerprints: {
      "ingressDoctor/v1": `${code}/${item.namespace}/${item.name}/${fullName}/${fieldPath ?? ""}`,
    },
  };
}
