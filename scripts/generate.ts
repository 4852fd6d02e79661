import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { chartValuesPage } from "./generate-chart-values.ts";
import { coverage } from "./generate-coverage.ts";
import { dashboardFile } from "./generate-dashboard.ts";
import { deployManifests } from "./generate-deploy.ts";
import { metricsPage } from "./generate-metrics-page.ts";
import { pageAssets } from "./generate-page-assets.ts";
import { readme } from "./generate-readme.ts";
import { ruleDocs } from "./generate-rule-docs.ts";
import { statusTypes } from "./generate-status-types.ts";
import { type Generator, ROOT } from "./generator.ts";

const GENERATORS: readonly Generator[] = [
  statusTypes,
  ruleDocs,
  coverage,
  readme,
  deployManifests,
  chartValuesPage,
  metricsPage,
  pageAssets,
  dashboardFile,
];

/** Paths whose content on disk is not what `generators` produce. */
export function driftedFiles(generators: readonly Generator[]): string[] {
  return generators.flatMap((generator) =>
    [...generator.outputs()].filter(([path, content]) => read(path) !== content).map(([path]) => path),
  );
}

function read(path: string): string | undefined {
  const file = new URL(path, ROOT);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function write(generator: Generator): void {
  for (const [path, content] of generator.outputs()) {
    if (read(path) === content) continue;
    const file = new URL(path, ROOT);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, content);
    console.log(`${generator.name}: wrote ${path}`);
  }
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const drifted = driftedFiles(GENERATORS);
    for (const path of drifted) console.error(`${path} differs from its source; run \`npm run gen\``);
    process.exitCode = drifted.length === 0 ? 0 : 1;
  } else {
    for (const generator of GENERATORS) write(generator);
  }
}
