#!/usr/bin/env node
import { CommanderError } from "commander";
import { cleanText } from "../diagnostics/text.ts";
import { CliError, EXIT, type ExitCode } from "./failure.ts";
import { createProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

async function run(terminal: Terminal): Promise<ExitCode> {
  // Before the code of a command is loaded, so that stacks name lines of the sources.
  if (process.argv.includes("--debug")) process.setSourceMapsEnabled(true);
  let code: ExitCode = EXIT.ok;
  const program = createProgram(terminal, (answer) => {
    code = answer;
  });
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync();
    return code;
  } catch (error) {
    // Commander has said what is wrong already; help and version end this way, too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.undecided;
    terminal.err(`${errorText(error, program.opts<{ debug?: boolean }>().debug === true)}\n`);
    return EXIT.undecided;
  }
}

function errorText(error: unknown, debug: boolean): string {
  const reason = error instanceof Error ? error.message : String(error);
  const advice = error instanceof CliError ? "" : " (a bug; --debug shows where)";
  const line = `ingress-doctor: ${cleanText(reason, 2048)}${advice}`;
  return debug && error instanceof Error ? `${line}\n${stackOf(error)}` : line;
}

function stackOf(error: Error): string {
  const own = (error.stack ?? "")
    .split("\n")
    .map((line) => cleanText(line))
    .join("\n");
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.undecided);
});
const code = await run(processTerminal());
// What was given up, such as a request to Google that nobody answers, must not hold up the end.
process.stdout.write("", () => process.exit(code));
