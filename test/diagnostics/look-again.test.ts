import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { momentOf } from "../../src/diagnostics/moment.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { ingress, NOW, snapshot } from "../support/builders.ts";
import type { RuleCases } from "../support/rule-cases.ts";
import { crashingPod } from "../support/troubled-pods.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What is published of a diagnosis of the same objects at another time. */
function published(given: Snapshot, takenAt: number): Omit<Diagnosis, "lookAgainAt"> {
  const { lookAgainAt: _, ...rest } = diagnose({ ...given, takenAt });
  return rest;
}

const RULES = join(import.meta.dirname, "rules");
const files = readdirSync(RULES, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".cases.ts"),
);
const allCases: readonly RuleCases[] = await Promise.all(
  files.sort().map(async (file) => (await import(join(RULES, file))).default),
);

describe("until the announced time the diagnosis of the same objects stays the same", () => {
  test.each(allCases.map((cases) => [cases.rule.code, cases] as const))("%s", (_, cases) => {
    for (const { name, given } of [...cases.healthy, ...cases.broken]) {
      const { lookAgainAt } = diagnose(given);
      const last = (lookAgainAt ?? given.takenAt + DAY) - 1;
      const middle = given.takenAt + Math.floor((last - given.takenAt) / 2);
      for (const at of [middle, last])
        expect(published(given, at), name).toEqual(published(given, given.takenAt));
    }
  });
});

test("grace periods end at the announced times, one after the other", () => {
  const young = crashingPod(1, { reason: "Error", exitCode: 1 }, { createdAt: NOW - 10_000 });
  const given = snapshot({ pods: known([young]) });
  const looks: number[] = [];
  for (let next: number | undefined = NOW; next !== undefined && looks.length < 20; ) {
    looks.push(next - NOW);
    next = diagnose({ ...given, takenAt: next }).lookAgainAt;
  }
  expect(looks).toContain(20_000);
  expect(looks).toEqual([...new Set(looks)].sort((a, b) => a - b));
  const codesAt = (takenAt: number) =>
    published(given, takenAt).findings.flatMap(({ code, severity }) => (severity === "info" ? [] : [code]));
  expect(codesAt(NOW + 20_000 - 1)).not.toContain("GID503");
  expect(codesAt(NOW + 20_000)).toContain("GID503");
});

test("an open propagation window is a reason to look again; a settled cluster is none", () => {
  const createdAt = NOW - MINUTE;
  const young = diagnose(snapshot({ ingress: ingress({ createdAt, changedAt: createdAt }) }));
  expect(young.lookAgainAt).toBeLessThanOrEqual(young.settlesAt ?? 0);
  expect(diagnose(snapshot()).lookAgainAt).toBeUndefined();
});

test("of the times that have not come, the earliest is awaited", () => {
  const now = momentOf(NOW);
  expect([now.hasCome(NOW), now.hasCome(NOW + 5), now.hasCome(NOW + 3), now.hasCome(NOW - 9)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(now.awaited()).toBe(NOW + 3);
  expect(momentOf(NOW).awaited()).toBeUndefined();
});
