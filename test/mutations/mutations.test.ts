import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { rightCodes, rightSymptoms } from "../recordings/evaluate.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";
import { CREATED } from "./cluster.ts";
import type { Fault, Onset } from "./fault.ts";
import { FAULTS } from "./faults.ts";
import { broken, healthy, momentOf, repaired, type Scene } from "./life.ts";
import { built, SCENARIOS } from "./scenarios.ts";

interface Pair {
  readonly scenario: (typeof SCENARIOS)[number];
  readonly fault: Fault;
}

const PAIRS: readonly Pair[] = FAULTS.flatMap((fault) =>
  SCENARIOS.filter((scenario) => fault.applies(built(scenario, CREATED))).map((scenario) => ({
    scenario,
    fault,
  })),
);

/** One diagnosis per Ingress that GKE serves or should serve, the one under test first. */
function diagnosesOf({ cluster, seenAt }: Scene): readonly Diagnosis[] {
  return snapshotsOf(cluster.objects, seenAt)
    .map((snapshot) => diagnose(snapshot))
    .filter(({ applicable }) => applicable);
}

function codesOf({ codes, rootCause = "" }: Fault): readonly string[] {
  return codes ?? rightCodes(rootCause) ?? [];
}

function symptomsOf({ symptoms }: Fault, onset: Onset): readonly string[] {
  const stopped = onset === "later" ? ["stale"] : ["no-ip"];
  return (symptoms ?? stopped).flatMap((symptom) => rightSymptoms(symptom));
}

/** What is wrong with the answer to one pair and onset; empty when nothing is. */
function mistakes({ scenario, fault }: Pair, onset: Onset): readonly string[] {
  const moment = momentOf(onset);
  const scene = broken(scenario, fault, moment);
  const [first] = diagnosesOf(scene);
  const cause = first?.cause?.code ?? "none";
  const symptom = first?.symptom ?? "none";
  const found: string[] = [];
  if (!codesOf(fault).includes(cause)) found.push(`cause ${cause}: ${first?.summary}`);
  if (!symptomsOf(fault, onset).includes(symptom)) found.push(`symptom ${symptom}`);
  if (first?.verdict !== "Broken" && first?.verdict !== "Degraded") found.push(`verdict ${first?.verdict}`);
  for (const { verdict, summary } of diagnosesOf(repaired(scenario, scene, moment))) {
    if (verdict !== "Healthy") found.push(`after the repair ${verdict}: ${summary}`);
  }
  return found.map((mistake) => `${scenario.name}, ${onset}: ${mistake}`);
}

describe("a healthy cluster", () => {
  it.each(SCENARIOS)("$name is Healthy, with hints at most", (scenario) => {
    for (const { verdict, findings } of diagnosesOf(healthy(scenario))) {
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
      expect(verdict).toBe("Healthy");
    }
  });
});

describe("a cluster with one fault", () => {
  it("comes in at least 15 scenarios, 60 kinds of fault and 200 pairs", () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(15);
    expect(new Set(PAIRS.map(({ fault }) => fault.id)).size).toBeGreaterThanOrEqual(60);
    expect(PAIRS.length).toBeGreaterThanOrEqual(200);
  });

  it.each(FAULTS)("$id is the most likely cause wherever it can be, and gone after its repair", (fault) => {
    const pairs = PAIRS.filter((pair) => pair.fault === fault);
    expect(pairs).not.toEqual([]);
    expect(codesOf(fault)).not.toEqual([]);
    expect(pairs.flatMap((pair) => fault.onsets.flatMap((onset) => mistakes(pair, onset)))).toEqual([]);
  });
});
