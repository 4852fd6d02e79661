import { readFileSync } from "node:fs";
import { coverageCounts } from "./generate-coverage.ts";
import { type Generator, ROOT } from "./generator.ts";
import { withSection } from "./marked-section.ts";

/** The parts of the README that are counted rather than written. */
export const readme: Generator = {
  name: "README coverage",
  outputs() {
    const text = readFileSync(new URL("README.md", ROOT), "utf8");
    return new Map([["README.md", withSection(text, "coverage", table())]]);
  },
};

function table(): string {
  const rows = coverageCounts().map(({ area, covered, all }) => `| ${area} | ${covered} of ${all} |`);
  return ["| area | causes covered |", "| --- | --- |", ...rows].join("\n");
}
