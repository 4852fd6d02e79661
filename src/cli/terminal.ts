import { styleText } from "node:util";
import { cleanText } from "../diagnostics/text.ts";

/** Where the command writes to, and what those places can show. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** One line on stderr for what is odd but no failure; it may quote foreign text. */
  note(line: string): void;
  /** Replaces the progress line on stderr; the empty line removes it. Does nothing off a terminal. */
  progress(line: string): void;
  /** Shows lines on stdout in place of those shown by its last call; undefined off a terminal. */
  readonly draw: ((lines: readonly string[]) => void) | undefined;
  /** Columns to wrap text at. */
  readonly width: number;
  readonly paint: Paint;
}

/** What a piece of text means, which decides its colour. */
export type Tone = "good" | "bad" | "warning" | "unsure" | "quiet" | "strong";

/** Colours a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const COLORS = {
  good: "green",
  bad: "red",
  warning: "yellow",
  unsure: "cyan",
  quiet: "dim",
  strong: "bold",
} as const satisfies Readonly<Record<Tone, string>>;

/** Leaves every text as it is. */
export const plain: Paint = (_, text) => text;

/** Wider lines are hard to read; narrower ones are nothing but breaks. */
const [MIN_WIDTH, MAX_WIDTH, PIPE_WIDTH] = [40, 120, 100];

/** The process's own output. Colours and progress need a terminal; `NO_COLOR` and `TERM=dumb` are honoured. */
export function processTerminal({ stdout, stderr, env }: NodeJS.Process = process): Terminal {
  const isColored = stdout.isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  const columns = stdout.isTTY ? stdout.columns : PIPE_WIDTH;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    note: (line) => void stderr.write(`${cleanText(line)}\n`),
    progress: (line) => {
      if (stderr.isTTY && env.TERM !== "dumb") stderr.write(`\r\u001b[K${line}`);
    },
    draw: stdout.isTTY && env.TERM !== "dumb" ? drawer(stdout) : undefined,
    width: Math.min(Math.max(columns || PIPE_WIDTH, MIN_WIDTH), MAX_WIDTH),
    paint: isColored ? (tone, text) => styleText(COLORS[tone], text, { validateStream: false }) : plain,
  };
}

/** Lines that do not fit on the screen are left out, since nothing can be drawn over what has scrolled away. */
function drawer(stdout: NodeJS.WriteStream): (lines: readonly string[]) => void {
  let shown = 0;
  return (lines) => {
    const fitting = lines.slice(0, Math.max(1, stdout.rows - 1));
    const back = shown === 0 ? "" : `\u001b[${shown}A`;
    stdout.write(`${back}\r\u001b[J${fitting.map((line) => `${line}\n`).join("")}`);
    shown = fitting.length;
  };
}
