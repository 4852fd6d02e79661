import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROLLER } from "../../built/program.ts";
import { eventually, waitFor } from "../../controlplane/eventually.ts";

/** One line of the controller's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The controller as a process of its own, as it runs in a cluster. */
export class ControllerUnderTest {
  readonly log: LogLine[] = [];
  /** Everything it wrote to stderr. */
  errors = "";
  readonly exited: Promise<Exit>;
  /** What the audit log calls its token. */
  credential: string | undefined;
  readonly #child: ChildProcess;

  constructor(kubeconfig: string, ...flags: readonly string[]) {
    const args = [CONTROLLER, "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", ...flags];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error("the controller has no output");
    createInterface({ input: stdout }).on("line", (line) => this.log.push(JSON.parse(line)));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.exited = once(this.#child, "exit").then(([code, signal]) => ({ code, signal }));
  }

  /** Lines with this message. */
  logged(message: string): LogLine[] {
    return this.log.filter(({ msg }) => msg === message);
  }

  /** Waits until it leads and its caches are full. */
  async ready(): Promise<this> {
    await eventually(() => {
      this.#mustRun();
      if (this.logged("diagnosing").length === 0) throw new Error(`its log ends with ${this.#lastLines()}`);
    });
    return this;
  }

  /** Whether it has not ended yet. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Body of one of its pages, such as `metrics`. */
  async page(path: string): Promise<string> {
    const line = await waitFor(() => this.logged("serving health and metrics")[0] ?? this.#mustRun(), {
      what: "the health server",
    });
    return (await fetch(`http://127.0.0.1:${String(line.port)}/${path}`)).text();
  }

  /** Value of one metric series, such as `workqueue_depth{name="ingresses"}`; 0 when there is none. */
  async metric(series: string): Promise<number> {
    const lines = (await this.page("metrics")).split("\n");
    return Number(lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1) ?? 0);
  }

  /** Waits until nothing is queued and nothing was written for a while. */
  async idle(): Promise<void> {
    let before = "";
    await waitFor(
      async () => {
        const text = await this.page("metrics");
        const counts = text
          .split("\n")
          .filter((line) => /^(workqueue_adds|workqueue_depth|ingress_doctor_(diag|ev))/.test(line));
        const isSame = counts.join() === before;
        before = counts.join();
        return isSame;
      },
      { intervalMs: 1000, what: "an idle controller" },
    );
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
  }

  /** Ends it as the kubelet would, and answers how that went. */
  async stop(): Promise<Exit> {
    this.signal("SIGTERM");
    const exit = await Promise.race([this.exited, sleep(15_000)]);
    if (exit !== undefined) return exit;
    await this.kill();
    throw new Error("the controller did not stop in 15 s");
  }

  #mustRun(): undefined {
    if (this.isRunning) return undefined;
    throw new Error(`the controller ended: ${this.errors} ${this.#lastLines()}`);
  }

  #lastLines(): string {
    return this.log
      .slice(-5)
      .map((line) => JSON.stringify(line))
      .join("\n");
  }
}
