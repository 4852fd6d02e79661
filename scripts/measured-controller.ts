import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../test/controlplane/eventually.ts";
import { ServerProcess } from "../test/controlplane/server-process.ts";
import { type ProcessUsage, usageOf } from "./process-usage.ts";

/** Time between two looks at what is being waited for: the error of every time that is measured. */
const LOOK_MS = 10;

const START_TIMEOUT_MS = 60_000;

interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Delays of the event loop since they were asked for before, in milliseconds. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The built controller as a process of its own, which is looked at from outside. */
export class MeasuredController {
  /** By `performance.now()`. */
  readonly startedAt = performance.now();
  readonly #process: ServerProcess;

  /** Runs `command`, a program of Node with its flags, in a folder of its own below `directory`, where its log goes. */
  constructor(command: readonly string[], directory: string) {
    const folder = join(directory, `controller-${Math.round(this.startedAt)}`);
    mkdirSync(folder);
    const args = [...command, "--listen=127.0.0.1:0"];
    this.#process = new ServerProcess(process.execPath, args, folder, { HOME: folder });
  }

  /** Waits until it leads and its caches are full, and answers after how many milliseconds. */
  async diagnosing(): Promise<number> {
    await this.#logged("diagnosing");
    return performance.now() - this.startedAt;
  }

  get usage(): ProcessUsage {
    return usageOf(this.#process.pid);
  }

  /** Delays of its event loop since the last call; its metrics start over with each look at them. */
  async loopDelay(): Promise<LoopDelay> {
    const { port } = await this.#logged("serving health and metrics");
    const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
    const milliseconds = (name: string) =>
      1_000 * Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (.+)$`, "m").exec(text)?.[1]);
    return { p99Ms: milliseconds("p99"), maxMs: milliseconds("max") };
  }

  /** Ends it as the kubelet would. */
  async stop(): Promise<void> {
    await this.#process.kill("SIGTERM");
  }

  #logged(message: string): Promise<LogLine> {
    const find = () => {
      if (this.#process.hasExited) throw new Error("the controller has ended");
      const lines = readFileSync(this.#process.logFile, "utf8").split("\n").slice(0, -1);
      return lines.map((line) => JSON.parse(line) as LogLine).find(({ msg }) => msg === message);
    };
    return waitFor(find, { intervalMs: LOOK_MS, timeoutMs: START_TIMEOUT_MS, what: `"${message}"` });
  }
}
