import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { locateTool } from "../test/tools/tools.ts";
import { krewManifest } from "./krew-manifest.ts";

/**
 * Makes the artefacts of a release in `release/`: the command line as npm package, the chart, the plain manifests, the
 * list of what is shipped, and the digests of all.
 *
 * Ends with one line when package.json, chart, changelog and the version asked for do not agree.
 *
 *     node scripts/package.ts [VERSION]
 */
const ROOT = join(import.meta.dirname, "..");
const TARGET = join(ROOT, "release");
const CHART = join(ROOT, "charts/ingress-doctor");

function run(program: string, ...args: readonly string[]): string {
  const result = spawnSync(program, args, { cwd: ROOT, encoding: "utf8" });
  if (result.status === 0) return result.stdout.trim();
  throw new Error(`${program} ${args.join(" ")} failed: ${result.error?.message ?? result.stderr}`);
}

function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The version that everything agrees on; throws naming the file that does not. */
export function agreedVersion(asked: string | undefined): string {
  const { version } = JSON.parse(readText("package.json")) as { version: string };
  const chart = parse(readFileSync(join(CHART, "Chart.yaml"), "utf8")) as {
    version: string;
    appVersion: string;
  };
  const claims = { "charts/ingress-doctor/Chart.yaml version": chart.version, appVersion: chart.appVersion };
  for (const [place, claimed] of Object.entries(claims)) {
    if (claimed !== version) throw new Error(`${place} is ${claimed}, package.json says ${version}`);
  }
  if (asked === undefined) return version;
  if (asked !== version) throw new Error(`version ${asked} was asked for, package.json says ${version}`);
  if (!readText("CHANGELOG.md").includes(`\n## ${version}`)) {
    throw new Error(`CHANGELOG.md has no section "## ${version}"`);
  }
  return version;
}

function digestOf(name: string): string {
  return createHash("sha256")
    .update(readFileSync(join(TARGET, name)))
    .digest("hex");
}

function writeDigests(): void {
  const lines = readdirSync(TARGET).map((name) => `${digestOf(name)}  ${name}\n`);
  writeFileSync(join(TARGET, "SHA256SUMS"), lines.join(""));
}

/** Only a release of a repository has an address that the plugin can be fetched from. */
function writeKrewManifest(version: string): void {
  const repository = process.env.GITHUB_REPOSITORY;
  if (repository === undefined) return;
  const sha256 = digestOf(`ingress-doctor-cli-${version}.tgz`);
  const manifest = krewManifest({ repository, version, sha256 });
  writeFileSync(join(TARGET, "krew-ingress-doctor.yaml"), manifest);
}

/** The bundle holds every package it needs, so the archive asks for none and installs without a registry. */
function packCommandLine(version: string): void {
  const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-package-"));
  try {
    const { dependencies, devDependencies, scripts, ...kept } = JSON.parse(readText("package.json"));
    for (const path of kept.files) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    writeFileSync(join(folder, "package.json"), `${JSON.stringify(kept, null, 2)}\n`);
    run("npm", "pack", folder, "--silent", "--pack-destination", TARGET);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // The chart's file has to be called as npm calls its own.
  renameSync(
    join(TARGET, `ingress-doctor-${version}.tgz`),
    join(TARGET, `ingress-doctor-cli-${version}.tgz`),
  );
}

/** What `kubectl apply -k deploy/` installs, in one file; of a release with the image that it publishes. */
function writeManifests(version: string): void {
  const { resources } = parse(readText("deploy/kustomization.yaml")) as { resources: readonly string[] };
  const text = resources.map((path) => readText(join("deploy", path)).replace(/^(?!---)/, "---\n")).join("");
  const repository = process.env.GITHUB_REPOSITORY;
  const image = repository === undefined ? "ingress-doctor" : `ghcr.io/${repository}`;
  const named = text.replaceAll(`image: ingress-doctor:${version}`, `image: ${image}:${version}`);
  writeFileSync(join(TARGET, "install.yaml"), named);
}

function makePackages(version: string): void {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET);
  packCommandLine(version);
  run(locateTool("helm"), "package", CHART, "--destination", TARGET);
  run(process.execPath, "scripts/sbom.ts", join(TARGET, `ingress-doctor-${version}.cdx.json`));
  writeManifests(version);
  writeKrewManifest(version);
  writeDigests();
  for (const name of readdirSync(TARGET)) console.log(join("release", name));
}

if (import.meta.main) {
  try {
    makePackages(agreedVersion(process.argv[2]));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
