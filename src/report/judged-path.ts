import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { hopOf } from "../diagnostics/hops.ts";
import type { DraftPath, HopDraft } from "./draft-path.ts";
import type { Column, HopState, PathNode, RequestPath } from "./request-path.ts";

/** Lays the findings on the boxes they are about, and tells how far requests come. */
export function judgedPath({ hops, links }: DraftPath, { findings, cause }: Diagnosis): RequestPath {
  const deciding = decidingFindings(hops, findings, cause?.code);
  const stopped = new Set<string>();
  const states = new Map<string, HopState>();
  // Columns are in walking order and links only lead onwards, so one pass sees every way to a box before it.
  for (const hop of hops) {
    const ways = links.filter(([, to]) => to === hop.id);
    const isCut = ways.length > 0 && ways.every(([from]) => stopped.has(from));
    const state = stateOf(hop, deciding.get(hop.id), isCut);
    states.set(hop.id, state);
    if (isCut || state === "broken" || state === "affected" || hop.ends === true) stopped.add(hop.id);
  }
  const nodes = hops.map(({ fields: _, backends: __, ...hop }): PathNode => {
    const finding = deciding.get(hop.id);
    return { ...hop, state: states.get(hop.id) ?? hop.state, ...(finding === undefined ? {} : { finding }) };
  });
  return { nodes, edges: links.map(([from, to]) => ({ from, to, taken: !stopped.has(from) })) };
}

function stateOf({ state }: HopDraft, finding: Finding | undefined, isCut: boolean): HopState {
  if (finding !== undefined) {
    if (finding.settling) return "waiting";
    if (finding.severity === "error") return finding.causedBy === undefined ? "broken" : "affected";
    return isCut ? "unreached" : "warned";
  }
  return isCut ? "unreached" : state;
}

/** For each box the finding that decides its state: the cause, else the first in the order of findings. */
function decidingFindings(
  hops: readonly HopDraft[],
  findings: readonly Finding[],
  cause: string | undefined,
): ReadonlyMap<string, Finding> {
  const telling = findings.filter(({ severity }) => severity !== "info");
  const ordered = [
    ...telling.filter(({ code }) => code === cause),
    ...telling.filter(({ code }) => code !== cause),
  ];
  const deciding = new Map<string, Finding>();
  for (const finding of ordered) {
    for (const { id } of hopsOf(finding, hops)) if (!deciding.has(id)) deciding.set(id, finding);
  }
  return deciding;
}

/** The boxes a finding is about; the forwarding rules where it is about the load balancer as a whole. */
function hopsOf(finding: Finding, hops: readonly HopDraft[]): readonly HopDraft[] {
  const column = columnOf(finding);
  const inColumn = hops.filter((hop) => hop.column === column);
  const { backend, subject } = finding;
  if (column === "address" || column === "frontend") return inColumn;
  if (column === "rule") {
    const named = inColumn.filter(({ fields = [] }) =>
      fields.some((field) => touches(field, subject.fieldPath)),
    );
    if (named.length > 0 || backend === undefined) return named.length > 0 ? named : inColumn.slice(0, 1);
  }
  if (backend !== undefined) return inColumn.filter(({ backends = [] }) => backends.includes(backend));
  const ofField = backendsOfField(hops, subject.fieldPath);
  const named = inColumn.filter(({ backends = [] }) => backends.some((key) => ofField.has(key)));
  return named.length > 0 ? named : hops.filter((hop) => hop.column === "frontend");
}

/** One JSON path lies inside the other. */
function touches(field: string, fieldPath = ""): boolean {
  return fieldPath !== "" && (field.startsWith(fieldPath) || fieldPath.startsWith(field));
}

function backendsOfField(hops: readonly HopDraft[], fieldPath: string | undefined): ReadonlySet<string> {
  const rules = hops.filter(({ fields = [] }) => fields.some((field) => touches(field, fieldPath)));
  return new Set(rules.flatMap(({ backends = [] }) => backends));
}

/** The column where a finding shows, by its hop and, where that covers several columns, by its stage. */
function columnOf({ code, stage, backend }: Finding): Column {
  switch (hopOf(code)?.name) {
    case "address":
      return "address";
    case "routing":
      return "rule";
    case "service":
      return "service";
    case "endpoints":
      return "pods";
    case "neg":
      return "group";
    case "health":
      return columnOfStage(stage) ?? "service";
    case "live":
      if (stage === "routing") return "rule";
      return backend === undefined ? "frontend" : (columnOfStage(stage) ?? "pods");
    default:
      return backend === undefined ? "frontend" : "service";
  }
}

/** Firewalls and missing members show at the group, failing checks at the pods. */
function columnOfStage(stage: Finding["stage"]): Column | undefined {
  if (stage === "network") return "group";
  return stage === "health" ? "pods" : undefined;
}
