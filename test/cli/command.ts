import { spawn } from "node:child_process";
import { join } from "node:path";
import { COMMAND_LINE } from "../built/program.ts";

/** What one run of the command did. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a process of its own, off a terminal, in the repository's folder. */
export function ingressDoctor(args: readonly string[], stdin = ""): Promise<Run> {
  const child = spawn(process.execPath, [COMMAND_LINE, ...args], {
    cwd: join(import.meta.dirname, "../.."),
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  // A command that reads no stdin may end before it was written.
  child.stdin.on("error", () => undefined).end(stdin);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}
