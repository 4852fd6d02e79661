import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnosis, Verdict } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { diagnoseStandaloneNegs, type StandaloneDiagnosis } from "../../src/diagnostics/standalone-negs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { askedIn } from "../gcp/read-once.ts";
import { snapshotsOf, sourcesOf } from "../support/object-snapshots.ts";
import type { RecordedCloud } from "./recorded-cloud.ts";
import type { Recording } from "./recording.ts";

/** How the engine did on one recording. */
export interface Evaluation {
  readonly name: string;
  readonly rootCause: string;
  readonly symptom: string;
  readonly verdict: Verdict;
  readonly cause: string | null;
  readonly expectedSymptom: string;
  /** Codes of findings above `info`. */
  readonly findings: readonly string[];
  readonly causeRight: boolean;
  readonly symptomRight: boolean;
  readonly undecided: readonly string[];
  readonly summary: string;
}

interface RootCauses {
  readonly symptoms: Readonly<Record<string, readonly string[]>>;
  readonly [rootCause: string]: readonly string[] | Readonly<Record<string, readonly string[]>>;
}

const ROOT_CAUSES: RootCauses = JSON.parse(
  readFileSync(join(import.meta.dirname, "root-causes.json"), "utf8"),
) as RootCauses;

/** Worst verdict first: a recording with several Ingresses is as bad as its worst one. */
const SEVERITY: readonly Verdict[] = ["Broken", "Degraded", "Progressing", "Unknown", "Healthy"];

/**
 * Runs the engine on one recording and compares the answer with its truth.
 *
 * @param cloud reads what Google held; undefined leaves it out
 */
export async function evaluate(recording: Recording, cloud: RecordedCloud | undefined): Promise<Evaluation> {
  const { truth, name } = recording;
  const snapshots = await snapshotsIn(recording, cloud);
  const diagnosis = worst([
    ...snapshots.map((one) => diagnose(one)).filter(isOurs),
    ...standaloneIn(recording),
  ]);
  const findings =
    diagnosis?.findings.filter((finding) => finding.severity !== "info" && !finding.settling) ?? [];
  const cause = diagnosis?.cause?.code ?? null;
  const verdict = diagnosis?.verdict ?? "Healthy";
  return {
    name,
    rootCause: truth.rootCause,
    symptom: diagnosis?.symptom ?? "none",
    verdict,
    cause,
    expectedSymptom: truth.symptom,
    findings: findings.map((finding) => finding.code),
    causeRight: isCauseRight(truth.rootCause, truth.symptom, cause),
    symptomRight: isSymptomRight(truth.symptom, diagnosis?.symptom ?? "none", verdict),
    undecided: diagnosis?.undecided.map((entry) => entry.question) ?? [],
    summary: diagnosis?.summary ?? "No Ingress of GKE and no standalone NEG.",
  };
}

/** An Ingress that another controller serves is not judged, so it decides nothing. */
function isOurs({ applicable }: Diagnosis): boolean {
  return applicable;
}

function standaloneIn({ objects, truth }: Recording): readonly StandaloneDiagnosis[] {
  const { sources, ingresses } = sourcesOf(objects, Date.parse(truth.observedAt));
  return diagnoseStandaloneNegs(sources, ingresses);
}

async function snapshotsIn(
  { objects, truth, compute }: Recording,
  cloud: RecordedCloud | undefined,
): Promise<readonly Snapshot[]> {
  const observedAt = Date.parse(truth.observedAt);
  const snapshots = snapshotsOf(objects, observedAt);
  if (cloud === undefined || compute === undefined) return snapshots;
  const asked = snapshots.map(askedIn);
  const answers = await cloud.observe(compute, asked, observedAt);
  return snapshots.map((one, index) => ({ ...one, loadBalancer: answers[index] ?? one.loadBalancer }));
}

type Judged = Diagnosis | StandaloneDiagnosis;

function worst(diagnoses: readonly Judged[]): Judged | undefined {
  return [...diagnoses].sort((a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict))[0];
}

/** Right codes for a root cause, the exact one first; undefined for an id the map does not know. */
export function rightCodes(rootCause: string): readonly string[] | undefined {
  const codes = ROOT_CAUSES[rootCause];
  return Array.isArray(codes) ? codes : undefined;
}

/** The product's symptoms that mean what a recording calls `symptom`. */
export function rightSymptoms(symptom: string): readonly string[] {
  return ROOT_CAUSES.symptoms[symptom] ?? [];
}

function isCauseRight(rootCause: string, symptom: string, cause: string | null): boolean {
  if (rootCause === "healthy") return cause === null;
  // The API server refused the object, so only what is there can be diagnosed: silence is right too.
  if (symptom === "apply-error" && cause === null) return true;
  return cause !== null && (rightCodes(rootCause)?.includes(cause) ?? false);
}

function isSymptomRight(expected: string, symptom: string, verdict: Verdict): boolean {
  if (expected === "healthy") return verdict === "Healthy";
  if (expected === "pending") return verdict === "Progressing";
  return rightSymptoms(expected).includes(symptom);
}
