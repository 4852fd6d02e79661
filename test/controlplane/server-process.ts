import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;
const LOG_TAIL_LINES = 15;

/** One server of the control plane, running as its own process with its own log file. */
export class ServerProcess {
  readonly name: string;
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #pidFile: string;
  readonly #exited: Promise<void>;

  /**
   * Starts `program`, appending its output to `<directory>/<name>.log`.
   *
   * The pid file `<directory>/<name>.pid` lets the directory's watchdog end it if this process dies.
   * `environment` comes on top of this process' own.
   */
  constructor(
    program: string,
    flags: readonly string[],
    directory: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.name = basename(program);
    this.logFile = join(directory, `${this.name}.log`);
    this.#pidFile = join(directory, `${this.name}.pid`);
    const log = openSync(this.logFile, "a");
    // Detached: Ctrl-C reaches the whole foreground group, and the order of stopping is ours to choose.
    this.#child = spawn(program, flags, {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: directory,
      env: { ...process.env, ...environment },
    });
    closeSync(log);
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", () => resolve()).once("error", () => resolve());
    });
    if (this.#child.pid !== undefined) writeFileSync(this.#pidFile, String(this.#child.pid));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.#child.pid;
  }

  get hasExited(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Ends the process and waits until it is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (!this.hasExited) this.#child.kill(signal);
    await this.#exited;
    rmSync(this.#pidFile, { force: true });
  }

  /** Waits until `isReady` answers true; throws with the end of the log on exit or after `timeoutMs`. */
  async waitUntil(isReady: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await isReady())) {
      if (this.hasExited) throw new Error(`${this.name} ended before it was ready.\n${this.#logTail()}`);
      if (performance.now() > deadline) {
        throw new Error(`${this.name} was not ready after ${timeoutMs} ms.\n${this.#logTail()}`);
      }
      await sleep(POLL_MS);
    }
  }

  #logTail(): string {
    return readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
  }
}

/**
 * Ends the servers of `directory` and removes it when this process is gone, however it ended.
 *
 * The watchdog reads a pipe whose other end closes with this process, so even SIGKILL leaves nothing behind.
 * @returns releases the watchdog, which then finds nothing left to do if the directory is already removed.
 */
export function startWatchdog(directory: string): () => void {
  const script = `
    trap '' INT TERM HUP
    cat >/dev/null
    for file in "$0"/*.pid; do [ -f "$file" ] && kill -9 "$(cat "$file")"; done
    rm -rf "$0"`;
  const child = spawn("sh", ["-c", script, directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  const pipe = child.stdin as typeof child.stdin & { unref?: () => void };
  pipe.unref?.();
  pipe.on("error", () => {});
  return () => pipe.end();
}

/**
 * Finds `count` free loopback ports below the range that outgoing connections use.
 *
 * A port of that range could be taken by any client while a server restarts on it.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const candidate = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(candidate)) ports.add(candidate);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
