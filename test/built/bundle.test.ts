import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { type BuiltFile, bundle } from "../../scripts/build-bundle.ts";

vi.setConfig({ testTimeout: 30_000 });

const ROOT = join(import.meta.dirname, "../..");

let folder: string;
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ingress-doctor-bundle-"));
  const built = await bundle();
  for (const { path, contents, executable } of built) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents, { mode: executable ? 0o755 : 0o644 });
  }
  files = textsOf(built);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function textsOf(built: readonly BuiltFile[]): ReadonlyMap<string, string> {
  return new Map(built.map(({ path, contents }) => [path, Buffer.from(contents).toString()]));
}

/** Source modules that Node loads when it starts a program, before anything is imported dynamically. */
function loadedAtStart(program: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(program)) return [];
  seen.add(program);
  const code = files.get(program) ?? "";
  const imports = [...code.matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g)].map(([, path = ""]) =>
    posix.join(posix.dirname(program), path),
  );
  return [...sourcesOf(program), ...imports.flatMap((path) => loadedAtStart(path, seen))];
}

function sourcesOf(program: string): readonly string[] {
  const { sources } = JSON.parse(files.get(`${program}.map`) ?? '{"sources":[]}') as { sources: string[] };
  return sources.map((source) => posix.join("dist", posix.dirname(program), source));
}

function packageOf(source: string): string | undefined {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
}

function run(program: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, program), ...args], {
    encoding: "utf8",
    cwd: folder,
    env: { HOME: "/nonexistent" },
  });
  return { status, stdout, stderr };
}

describe("a folder with nothing but the build", () => {
  const version = { status: 0, stdout: `${packageJson.version}\n`, stderr: "" };

  test("says its version, as command line and as controller", () => {
    expect(run("cli/main.js", "--version")).toEqual(version);
    expect(run("main.js", "--version")).toEqual(version);
  });

  test("starts by its name alone", () => {
    const { stdout, error } = spawnSync(join(folder, "cli/main.js"), ["--version"], {
      encoding: "utf8",
      env: { PATH: dirname(process.execPath) },
    });
    expect(error).toBeUndefined();
    expect(stdout).toBe(version.stdout);
  });

  test("diagnoses manifests", () => {
    cpSync(join(ROOT, "examples"), join(folder, "examples"), { recursive: true });
    const { status, stdout } = run("cli/main.js", "diagnose", "-f", "examples");
    expect(stdout).toContain("GID401");
    expect(status).toBe(1);
  });

  test("shows with --debug where in the sources something failed", () => {
    const { stderr } = run("cli/main.js", "diagnose", "-f", "nope.yaml", "--debug");
    expect(stderr).toMatch(/at .*src\/cli\/manifest-files\.ts:\d+/);
  });
});

describe("what is loaded at the start", () => {
  test("of the command line is its arguments only", () => {
    const sources = loadedAtStart("cli/main.js");
    const packages = new Set(sources.flatMap((source) => packageOf(source) ?? []));
    expect([...packages].filter((name) => !["commander", "@bomb.sh/tab"].includes(name))).toEqual([]);
    expect(sources).toContain("src/cli/program.ts");
    const heavy = /^src\/(?:kubernetes|gcp|report|reconciler|cli\/render|diagnostics\/(?:rules|gke))\//;
    expect(sources.filter((source) => heavy.test(source))).toEqual([]);
  });

  test("of the controller is nothing of Google's", () => {
    const sources = loadedAtStart("main.js");
    expect(sources.map(packageOf)).toContain("undici");
    const google = /google|gax|gaxios|proto|grpc/;
    expect(sources.map(packageOf).filter((name) => google.test(name ?? ""))).toEqual([]);
    expect(sources.filter((source) => source.startsWith("src/cli/"))).toEqual([]);
  });
});

test("the same sources give the same bytes, which name no folder of this machine", async () => {
  expect(textsOf(await bundle())).toEqual(files);
  for (const [path, text] of files) expect(text.includes(ROOT), path).toBe(false);
}, 60_000);

test("every package that is in the build is in its notices, with a licence text", () => {
  const programs = [...files.keys()].filter((path) => path.endsWith(".js"));
  const packages = new Set(programs.flatMap(sourcesOf).flatMap((source) => packageOf(source) ?? []));
  const notices = files.get("THIRD_PARTY_NOTICES") ?? "";
  expect(packages.size).toBeGreaterThan(20);
  for (const name of packages)
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+.* \\(.+\\)$`, "m"));
  expect(notices).toContain("Permission is hereby granted");
  expect(notices).toContain("Apache License");
});
