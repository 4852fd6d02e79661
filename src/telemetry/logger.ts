import { pino } from "pino";

/** Levels by rising importance. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts of one log line. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A log of structured lines, as the `Logger` port wants it. */
export type StructuredLogger = { readonly [L in LogLevel]: (message: string, fields?: Fields) => void };

/** What a log is written with. */
export interface LoggerOptions {
  readonly level: LogLevel;
  /** Receives one JSON line at a time, line break included. */
  readonly write: (line: string) => void;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

/** Lines a second of each level; more are counted, not written. */
const LINES_PER_SECOND = 10;
const BURST = 100;

/** Bearer tokens, JSON Web Tokens and private keys, wherever they turn up. */
const SECRETS = /Bearer\s+[^\s"\\]+|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+|-----BEGIN[^"]*?-----END[^"]*?-----/g;

/** Field names whose values are never written. */
const SECRET_FIELDS = ["token", "authorization", "password", "secret", "privateKey"];

/**
 * Creates a log of JSON lines in plain ASCII: whatever a name or message from the cluster holds, a terminal
 * shows it as text. Secrets are cut out, floods are counted.
 */
export function createLogger(options: LoggerOptions): StructuredLogger {
  const destination = { write: (line: string) => options.write(safeLine(line)) };
  const log = pino(
    {
      level: options.level,
      base: null,
      redact: SECRET_FIELDS,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const lines = (level: LogLevel) => {
    const limiter = new LineLimiter(options.monotonic);
    return (message: string, fields: Fields = {}) => {
      const dropped = limiter.take();
      if (dropped !== undefined) log[level](dropped === 0 ? fields : { ...fields, dropped }, message);
    };
  };
  return { debug: lines("debug"), info: lines("info"), warn: lines("warn"), error: lines("error") };
}

/** Lets a burst of lines through, then a few a second. */
class LineLimiter {
  readonly #monotonic: () => number;
  #tokens = BURST;
  #countedAt: number;
  #dropped = 0;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#countedAt = monotonic();
  }

  /** Lines dropped since the last one that passed; undefined when this one does not pass. */
  take(): number | undefined {
    const now = this.#monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#countedAt) / 1000) * LINES_PER_SECOND);
    this.#countedAt = now;
    if (this.#tokens < 1) {
      this.#dropped += 1;
      return undefined;
    }
    this.#tokens -= 1;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}

function safeLine(line: string): string {
  const toAscii = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  // A line is JSON, so every control character below space is escaped already, but for the final line break.
  return line.replace(SECRETS, "[redacted]").replace(/[\u007f-\uffff]/g, toAscii);
}
