import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOf } from "../../src/diagnostics/moment.ts";
import { parseSuppressions, suppress } from "../../src/diagnostics/suppression.ts";
import { NOW } from "../support/builders.ts";
import { finding } from "../support/finding.ts";

describe("the ignore annotation", () => {
  it("silences a code with a reason, for ever or until the end of a day", () => {
    const { active, invalid } = parseSuppressions(
      "GID601 until 2026-11-23: known, fixed on Monday; GID514: batch",
      momentOf(NOW),
    );
    expect(active).toEqual([
      { code: "GID601", until: "2026-11-23", note: "known, fixed on Monday" },
      { code: "GID514", note: "batch" },
    ]);
    expect(invalid).toEqual([]);
  });

  it.each([
    ["GID601 until 2026-11-22: late", "expired"],
    ["GID601 until 2026-13-01: when", "bad-date"],
    ["GID601 until soon: when", "bad-date"],
    ["GID601", "no-reason"],
    ["GID601 until 2027-01-31:", "no-reason"],
    ["everything: please", "malformed"],
    ["GID6011: no such code", "malformed"],
  ])("reports %j as %s", (entry, problem) => {
    expect(parseSuppressions(entry, momentOf(NOW))).toEqual({ active: [], invalid: [{ entry, problem }] });
  });

  it("is empty where it is absent or blank", () => {
    expect(parseSuppressions(undefined, momentOf(NOW))).toEqual({ active: [], invalid: [] });
    expect(parseSuppressions(" ; ;", momentOf(NOW))).toEqual({ active: [], invalid: [] });
  });

  it("survives any text in bounded size", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (text) => {
        const { active, invalid } = parseSuppressions(text, momentOf(NOW));
        expect(active.length + invalid.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});

describe("suppression", () => {
  it("takes out the findings it names and says which entries did so", () => {
    const kept = finding({ code: "GID601" });
    const gone = finding({ code: "GID514" });
    const entries = [
      { code: "GID514", note: "batch" },
      { code: "GID700", note: "unused" },
    ];
    expect(suppress([kept, gone, gone], entries)).toEqual({
      findings: [kept],
      suppressed: [{ code: "GID514", note: "batch" }],
    });
  });
});
