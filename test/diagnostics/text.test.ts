import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellCommand, shellQuote } from "../../src/diagnostics/shell.ts";
import { cleanText, counted, duration, listed } from "../../src/diagnostics/text.ts";

describe("cleaned text", () => {
  it("shows control, bidirectional and zero-width characters instead of sending them", () => {
    expect(cleanText("a\u001b[31m\u202eb\u200bc\nd")).toBe("a\\u{1b}[31m\\u{202e}b\\u{200b}c\\u{a}d");
    expect(cleanText("Größe 漢字 🚀")).toBe("Größe 漢字 🚀");
  });

  it("is bounded, cut on a code point, and says that it was cut", () => {
    expect(cleanText("abcdef", 4)).toBe("abc…");
    expect(cleanText("ab🚀🚀", 4)).toBe("ab…");
    expect(cleanText("abcd", 4)).toBe("abcd");
  });

  it("leaves every printable ASCII text as it is, and cuts it where it is too long", () => {
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 0x20 + index));
    expect(cleanText(printable)).toBe(printable);
    expect(cleanText(printable, 95)).toBe(printable);
    expect(cleanText(printable, 94)).toBe(`${printable.slice(0, 93)}…`);
    expect(cleanText("")).toBe("");
    expect(cleanText("end\n")).toBe("end\\u{a}");
  });

  it("never lets an unsafe character through, and never exceeds its bound", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.integer({ min: 8, max: 64 }),
        (text, max) => {
          const cleaned = cleanText(text, max);
          expect(cleaned.length).toBeLessThanOrEqual(max);
          expect(cleaned.isWellFormed()).toBe(true);
          expect([...cleaned].filter(isUnsafe)).toEqual([]);
        },
      ),
    );
  });
});

describe("wording", () => {
  it("lists, counts and measures", () => {
    expect(listed([])).toBe("none");
    expect(listed(["a", "b", "c"], 2)).toBe("a, b and 1 more");
    expect(counted(1, "endpoint")).toBe("1 endpoint");
    expect(counted(2, "endpoint")).toBe("2 endpoints");
    expect([-5, 45_000, 720_000, 3 * 3_600_000, 100 * 3_600_000].map(duration)).toEqual([
      "0 s",
      "45 s",
      "12 min",
      "3 h",
      "4 d",
    ]);
  });

  it("quotes for a shell only what needs it", () => {
    expect(shellCommand("kubectl", "patch", "svc/web", "-p", `{"a":"it's"}`)).toBe(
      `kubectl patch svc/web -p '{"a":"it'\\''s"}'`,
    );
    expect(shellQuote("")).toBe("''");
  });
});

function isUnsafe(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  const ranges = [
    [0, 0x1f],
    [0x7f, 0x9f],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x2069],
    [0xfeff, 0xfeff],
  ];
  return ranges.some(([from = 0, to = 0]) => code >= from && code <= to);
}
