import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { ROOT } from "./generator.ts";
import { withSection } from "./marked-section.ts";

/** Runs the demo and puts what a person sees of it into the README. */
const README = new URL("README.md", ROOT);

const output = execFileSync("node", ["test/demo/demo.ts"], { cwd: ROOT, encoding: "utf8" });
const shown = output.slice(output.indexOf("\n$ ")).trim();
writeFileSync(
  README,
  withSection(readFileSync(README, "utf8"), "transcript", `\`\`\`text\n${shown}\n\`\`\``),
);
