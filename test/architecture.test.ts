import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** What each layer may import: layers, and packages by prefix. Entry points see everything. */
const LAYERS: Readonly<
  Record<string, { readonly layers: readonly string[]; readonly packages: readonly string[] }>
> = {
  model: { layers: [], packages: [] },
  diagnostics: { layers: ["model"], packages: [] },
  reconciler: { layers: ["model", "diagnostics"], packages: ["p-queue", "node:crypto"] },
  report: { layers: ["model", "diagnostics"], packages: ["@dagrejs/dagre"] },
  page: { layers: ["model", "diagnostics", "report", "reconciler", "ports", "http"], packages: ["node:"] },
  kubernetes: { layers: ["model", "ports"], packages: ["@kubernetes/", "undici", "node:"] },
  gcp: {
    layers: ["model", "ports"],
    packages: [
      "@google-cloud/",
      "google-auth-library",
      "gcp-metadata",
      "google-gax",
      "p-queue",
      "node:",
      "undici",
    ],
  },
  probe: { layers: ["model", "ports"], packages: ["node:"] },
  http: { layers: [], packages: ["node:"] },
  telemetry: { layers: ["ports", "http"], packages: ["pino", "prom-client", "node:"] },
};
const ENTRY_POINTS: ReadonlySet<string> = new Set([
  "cli",
  "main.ts",
  "controller-process.ts",
  "wire-reconciliation.ts",
  "wire-page.ts",
  "config.ts",
  "config-error.ts",
  "election-config.ts",
  "listen-config.ts",
  "version.ts",
]);

/** The one pure function of Node that the GKE model needs: names contain SHA-256 digests. */
const PURE_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "diagnostics/gke/names.ts": ["node:crypto"],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .sort();
const imports: readonly Import[] = files.flatMap(importsOf);

describe("the import graph", () => {
  it("is read at all", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it("has only arrows that point down", () => {
    expect(imports.filter((arrow) => !allowed(arrow)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("has no cycle", () => {
    expect(cycleIn(imports)).toEqual([]);
  });

  it("has no barrel", () => {
    expect(files.filter((file) => file.endsWith("/index.ts"))).toEqual([]);
  });
});

describe("the engine", () => {
  const pure = files.filter((file) => /^(model|diagnostics)\//.test(file));

  it.each(["Date.now", "new Date(", "Math.random", "process.", "setTimeout", "globalThis"])(
    "never uses %s",
    (banned) => {
      expect(pure.filter((file) => code(file).includes(banned))).toEqual([]);
    },
  );
});

describe("the environment", () => {
  it("is read by the configuration only", () => {
    const readers = files.filter((file) => code(file).includes("process.env"));
    expect(readers.filter((file) => file !== "config.ts" && !file.startsWith("cli/"))).toEqual([]);
  });
});

function importsOf(file: string): readonly Import[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g;
  return [...readFileSync(join(SRC, file), "utf8").matchAll(pattern)].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? "";
    const to = target.startsWith(".") ? relative(SRC, join(SRC, dirname(file), target)) : target;
    return { from: file, to };
  });
}

function allowed({ from, to }: Import): boolean {
  const layer = from.split("/")[0] ?? "";
  if (ENTRY_POINTS.has(layer)) return true;
  const rule = LAYERS[layer];
  if (rule === undefined) return false;
  const isFile = files.includes(to);
  if (!isFile)
    return rule.packages.some((name) => to.startsWith(name)) || (PURE_IMPORTS[from]?.includes(to) ?? false);
  const target = to === "reconciler/ports.ts" ? "ports" : (to.split("/")[0] ?? "");
  return layer === to.split("/")[0] || rule.layers.includes(target);
}

/** Files of one cycle, in order; empty when there is none. */
function cycleIn(arrows: readonly Import[]): readonly string[] {
  const next = Map.groupBy(
    arrows.filter(({ to }) => files.includes(to)),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to } of next.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of files) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** A file's text without comments. */
function code(file: string): string {
  return readFileSync(join(SRC, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
}
