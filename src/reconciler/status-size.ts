import { type IngressDiagnosisStatus, MAX_ITEMS, type StatusFinding } from "./status-types.ts";

/** Largest status in bytes of JSON; etcd refuses objects of 1.5 MiB, and lists of thousands are read at once. */
export const MAX_STATUS_BYTES = 64 * 1024;

/** Lists that may be cut, with the count that then says by how much. */
const CUT_LISTS = {
  findings: "omittedFindings",
  routes: "omittedRoutes",
  backends: "omittedBackends",
  undecided: "omittedUndecided",
  suppressed: "omittedSuppressed",
} as const;

type CutList = keyof typeof CUT_LISTS;
type Lengths = Record<CutList, number>;

/**
 * Cuts lists to their schema limits and the whole to {@link MAX_STATUS_BYTES}, counting what is left out.
 *
 * Whichever list is largest loses its tail first. The finding that is the cause always stays.
 */
export function fitStatus(status: IngressDiagnosisStatus): IngressDiagnosisStatus {
  const lengths = {} as Lengths;
  for (const list of cutLists()) lengths[list] = Math.min(itemsOf(status, list).length, MAX_ITEMS[list]);
  let fitted = cut(status, lengths);
  while (bytes(fitted) > MAX_STATUS_BYTES) {
    const list = largestList(fitted, lengths);
    if (list === undefined) return withoutFixes(fitted);
    lengths[list] -= Math.max(1, Math.floor(lengths[list] / 8));
    fitted = cut(status, lengths);
  }
  return fitted;
}

function cut(status: IngressDiagnosisStatus, lengths: Lengths): IngressDiagnosisStatus {
  const omitted = Object.fromEntries(
    cutLists()
      .map((list) => [CUT_LISTS[list], itemsOf(status, list).length - lengths[list]] as const)
      .filter(([, count]) => count > 0),
  );
  const { backends, undecided, suppressed } = status;
  return {
    ...status,
    findings: keepCause(status, lengths.findings),
    routes: status.routes.slice(0, lengths.routes),
    ...(backends === undefined ? {} : { backends: backends.slice(0, lengths.backends) }),
    ...(undecided === undefined ? {} : { undecided: undecided.slice(0, lengths.undecided) }),
    ...(suppressed === undefined ? {} : { suppressed: suppressed.slice(0, lengths.suppressed) }),
    counts: { ...status.counts, ...omitted },
  };
}

function keepCause({ findings, cause }: IngressDiagnosisStatus, length: number): readonly StatusFinding[] {
  const kept = findings.slice(0, length);
  const causing = findings.find((finding) => finding.code === cause?.code);
  if (causing === undefined || kept.some((finding) => finding.code === cause?.code)) return kept;
  return [...kept.slice(0, -1), causing];
}

/** The list to shorten next; undefined when nothing is left to cut. */
function largestList(status: IngressDiagnosisStatus, lengths: Lengths): CutList | undefined {
  const shrinkable = cutLists().filter(
    (list) => lengths[list] > (list === "findings" && status.cause ? 1 : 0),
  );
  return shrinkable.sort((a, b) => bytes(itemsOf(status, b)) - bytes(itemsOf(status, a)))[0];
}

/** The last resort: a single finding whose command and patch alone are too large. */
function withoutFixes(status: IngressDiagnosisStatus): IngressDiagnosisStatus {
  const findings = status.findings.map((finding) => ({ ...finding, fix: { summary: finding.fix.summary } }));
  return { ...status, findings };
}

function itemsOf(status: IngressDiagnosisStatus, list: CutList): readonly unknown[] {
  return status[list] ?? [];
}

function cutLists(): CutList[] {
  return Object.keys(CUT_LISTS) as CutList[];
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
