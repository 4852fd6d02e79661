import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { COMMAND_LINE } from "../built/program.ts";
import type { Run } from "./command.ts";

/** The command as a process that goes on until it ends or is told to. */
export class RunningCommand {
  readonly ended: Promise<Run>;
  readonly #child: ChildProcess;
  #out = "";
  #err = "";

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [COMMAND_LINE, ...args], {
      cwd: join(import.meta.dirname, "../.."),
      env: { PATH: process.env.PATH, HOME: "/nonexistent", METADATA_SERVER_DETECTION: "none" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#out += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#err += text;
    });
    this.ended = new Promise((resolve) =>
      this.#child.once("close", (code) => resolve({ code, out: this.#out, err: this.#err })),
    );
  }

  /** What it has written to stdout by now. */
  get out(): string {
    return this.#out;
  }

  /** Sends a signal; does nothing when it has ended. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}
