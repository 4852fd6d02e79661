import { spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Receives one progress line at a time, without its line break. */
export type Report = (line: string) => void;

const MODULE_DIRECTORY = import.meta.dirname;
const PROGRESS_INTERVAL_MS = 10_000;
const LOCK_POLL_MS = 500;

/** Main packages of the module, in the order of the `tool` lines of go.mod. */
const PACKAGES = [
  "go.etcd.io/etcd/server/v3",
  "k8s.io/kubernetes/cmd/kube-apiserver",
  "k8s.io/kubernetes/cmd/kube-controller-manager",
  "k8s.io/kubernetes/cmd/kubectl",
];

/**
 * Builds the pinned control plane into `target`, which appears only when it is complete.
 *
 * Safe for builders that start at the same time: one builds, the others wait for it. Throws one clear line
 * when Go is missing or the build fails.
 */
export async function buildBinaries(target: string, report: Report): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const lock = `${target}.lock`;
  let waiting = false;
  while (!takeLock(lock)) {
    if (!waiting) report("Another process is building the control plane; waiting for it.");
    waiting = true;
    await sleep(LOCK_POLL_MS);
  }
  try {
    if (!isDirectoryComplete(target)) await build(target, report);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whether `target` holds a finished build: it is renamed into place as a whole, so one file is proof enough. */
export function isDirectoryComplete(target: string): boolean {
  try {
    return readFileSync(join(target, "complete"), "utf8") !== "";
  } catch {
    return false;
  }
}

/**
 * Creates the lock file, or answers false while a living process holds it.
 *
 * A holder that died is evicted. Two waiters may evict at the same moment and both build: that costs time but
 * nothing else, because every build has its own directory and the rename decides.
 */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isHolderAlive(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHolderAlive(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // An empty file is a holder between its open and its write.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function build(target: string, report: Report): Promise<void> {
  const started = performance.now();
  removeInterruptedBuilds(target);
  const temporary = mkdtempSync(`${target}.build-`);
  try {
    report("Building etcd, kube-apiserver, kube-controller-manager and kubectl (once; about five minutes).");
    await compile(temporary, report);
    // The last element of etcd's package path names its binary.
    renameSync(join(temporary, "server"), join(temporary, "etcd"));
    writeFileSync(join(temporary, "complete"), `${kubernetesVersion()}\n`);
    moveIntoPlace(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  report(`Built the control plane in ${seconds(started)} s: ${target}`);
}

/** What a build that was killed left; the lock is held, so nobody writes there. */
function removeInterruptedBuilds(target: string): void {
  const parent = dirname(target);
  const left = readdirSync(parent).filter((name) => name.startsWith(`${basename(target)}.build-`));
  for (const name of left) rmSync(join(parent, name), { recursive: true, force: true });
}

function moveIntoPlace(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    if (!isDirectoryComplete(target)) throw error;
  }
}

async function compile(output: string, report: Report): Promise<void> {
  const started = performance.now();
  const expected = countPackages();
  const arguments_ = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-trimpath"];
  const child = spawn("go", [...arguments_, "-ldflags", linkerFlags(), "-o", `${output}/`, ...PACKAGES], {
    cwd: MODULE_DIRECTORY,
    env: goEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let compiled = 0;
  let failure = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    // Go also tells of downloads here, in lines that begin with its own name.
    compiled += text.split("\n").filter((line) => line !== "" && !line.startsWith("go: ")).length;
    failure = (failure + text).slice(-2_000);
  });
  const progress = setInterval(() => {
    const share = Math.min(99, Math.floor((100 * compiled) / expected));
    report(`  ${seconds(started)} s: compiled ${compiled} packages of about ${expected} (${share} %)`);
  }, PROGRESS_INTERVAL_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    if (code !== 0) throw new Error(`go build of the control plane failed with code ${code}:\n${failure}`);
  } finally {
    clearInterval(progress);
  }
}

/** The version of Go that would build, or undefined when there is no Go on this machine. */
export function goVersion(): string | undefined {
  const result = runGo(["env", "GOVERSION"]);
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function countPackages(): number {
  const result = runGo(["list", "-mod=readonly", "-deps", ...PACKAGES]);
  if (result.status !== 0) throw new Error(`go list of the control plane failed:\n${result.stderr}`);
  return result.stdout.split("\n").length;
}

function runGo(arguments_: string[]): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } {
  return spawnSync("go", arguments_, {
    cwd: MODULE_DIRECTORY,
    env: goEnvironment(),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** GOFLAGS and GOWORK of the developer would change what is built. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
}

/** The API server answers this version, and kubectl compares it with its own. */
function linkerFlags(): string {
  const version = kubernetesVersion();
  const [major, minor] = version.slice(1).split(".");
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  const settings = Object.entries(variables).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ["-s", "-w", ...settings].join(" ");
}

function kubernetesVersion(): string {
  const module = readFileSync(join(MODULE_DIRECTORY, "go.mod"), "utf8");
  const version = /k8s\.io\/kubernetes (v\S+)/.exec(module)?.[1];
  if (version === undefined) throw new Error("test/controlplane/go.mod does not require k8s.io/kubernetes");
  return version;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(0);
}
