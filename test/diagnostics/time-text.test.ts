import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeText } from "../../src/diagnostics/time-text.ts";

const FIRST = Date.parse("0001-01-01T00:00:00Z");
const LAST = Date.parse("9999-12-31T23:59:59Z");

describe("timeText", () => {
  it("is the moment in UTC to the second", () => {
    expect(timeText(Date.parse("2026-11-23T11:30:00.999Z"))).toBe("2026-11-23T11:30:00Z");
    expect(timeText(0)).toBe("1970-01-01T00:00:00Z");
    expect(timeText(Date.parse("2024-02-29T23:59:59Z"))).toBe("2024-02-29T23:59:59Z");
  });

  it("agrees with the calendar of the language on every moment", () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), (moment) => {
        expect(timeText(moment)).toBe(`${new Date(moment).toISOString().slice(0, 19)}Z`);
      }),
      { numRuns: 2000 },
    );
  });

  it("stays inside the calendar for any number", () => {
    expect(timeText(Number.POSITIVE_INFINITY)).toBe("9999-12-31T23:59:59Z");
    expect(timeText(-1e300)).toBe("0001-01-01T00:00:00Z");
  });
});
