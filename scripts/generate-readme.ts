import { readFileSync } from "node:fs";
import { coverageCounts } from "./generate-coverage.ts";
import { type Generator, ROOT } from "./generator.ts";

/** The parts of the README that are counted rather than written. */
export const readme: Generator = {
  name: "README coverage",
  outputs() {
    const text = readFileSync(new URL("README.md", ROOT), "utf8");
    return new Map([["README.md", replaceBetween(text, "coverage", table())]]);
  },
};

function table(): string {
  const rows = coverageCounts().map(({ area, covered, all }) => `| ${area} | ${covered} of ${all} |`);
  return ["| area | causes covered |", "| --- | --- |", ...rows].join("\n");
}

/** Replaces what stands between `<!-- name:begin -->` and `<!-- name:end -->`. */
function replaceBetween(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${begin} or ${end}.`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}
