import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ROOT } from "./generator.ts";

const USAGE = "Usage: npm run new-rule -- GIDnnn HOP/SLUG, e.g. GID419 service/selector-too-wide";

/** Writes a rule, its cases and its registry line; refuses to touch anything that exists. */
function main([code = "", place = ""]: readonly string[]): void {
  if (!/^GID\d{3}$/.test(code) || !/^[a-z]+\/[a-z]+(-[a-z0-9]+)*$/.test(place)) throw new Error(USAGE);
  const [hop = "", slug = ""] = place.split("/");
  const registry = read("src/diagnostics/registry.ts");
  if (registry.includes(`"./rules/${place}.ts"`) || registry.includes(`"${code}"`)) {
    throw new Error(`${code} or ${place} is already in src/diagnostics/registry.ts.`);
  }
  create(`src/diagnostics/rules/${place}.ts`, ruleText(code, slug));
  create(`test/diagnostics/rules/${place}.cases.ts`, casesText(hop, slug));
  const name = slug.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const withImport = registry.replace(
    'import type { Rule } from "./rule.ts";',
    `import type { Rule } from "./rule.ts";\nimport ${name} from "./rules/${place}.ts";`,
  );
  write(
    "src/diagnostics/registry.ts",
    withImport.replace("RULES: readonly Rule[] = [", `RULES: readonly Rule[] = [\n  ${name},`),
  );
  console.log(
    `Wrote the rule, its cases and the registry line. Move the line to its place by code, then: npm run format`,
  );
}

function ruleText(code: string, slug: string): string {
  return `import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "${code}",
  slug: "${slug}",
  severity: "warning",
  symptoms: ["502"],
  stage: "endpoints",
  reads: ["backends"],
  rows: [],
  summary: "What is wrong, in one sentence.",
  why: "Why traffic fails.",
  fix: "Say what to change.",
  confirm: ["kubectl -n NAMESPACE get service SERVICE -o yaml"],
  sources: [],
  messages: {
    found: "Service {service} says what was compared, and what follows.",
  },

  check(topology, report) {
    for (const backend of topology.backends) {
      if (!report.knows(backend.service) || backend.service.value === undefined) continue;
      report("found", { subject: backend.service.value.ref, backend: backend.key }, { service: backend.serviceName });
    }
  },
});
`;
}

function casesText(hop: string, slug: string): string {
  return `import rule from "../../../../src/diagnostics/rules/${hop}/${slug}.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(rule, {
  healthy: [{ name: "a healthy Ingress", given: snapshot() }],
  broken: [],
  undecided: [{ name: "Services may not be listed", given: snapshot({ services: notRead("services") }), source: "services" }],
});
`;
}

function create(path: string, text: string): void {
  if (existsSync(new URL(path, ROOT))) throw new Error(`${path} exists; choose another slug.`);
  write(path, text);
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

function write(path: string, text: string): void {
  const file = new URL(path, ROOT);
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
