import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A backend as the recorded URL map shows it; `port` is Go's text of a port reference. */
export interface RecordedBackend {
  readonly service: string;
  readonly port: string;
  readonly neg: boolean;
}

/** One line of a translations file: an Ingress, the objects it needs, and what the real translator made of it. */
export interface RecordedTranslation {
  readonly id: string;
  readonly ingress: object;
  readonly objects: readonly object[];
  readonly urlMap: {
    readonly default: RecordedBackend | null;
    readonly hosts: readonly {
      readonly host: string;
      readonly paths: readonly (RecordedBackend & { readonly path: string })[];
    }[];
  };
  readonly errors: readonly string[];
}

/** A file that cannot be evaluated; the message says where and why. */
export class UnreadableFileError extends Error {}

/** Reads a file of JSON lines, compressed or not. */
export function readTranslations(file: string): readonly RecordedTranslation[] {
  const lines = readText(file).split("\n");
  const translations = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [readLine(line, `${file}:${index + 1}`)],
  );
  if (translations.length === 0) throw new UnreadableFileError(`${file} holds no line`);
  return translations;
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (compressed ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new UnreadableFileError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function readLine(line: string, place: string): RecordedTranslation {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UnreadableFileError(`${place} is not JSON: ${(error as Error).message}`);
  }
  const missing = SHAPE.filter(([field, fits]) => !fits(fieldOf(value, field))).map(([field]) => field);
  if (missing.length > 0) {
    throw new UnreadableFileError(`${place} is no recorded translation: see ${missing.join(", ")}`);
  }
  return value as RecordedTranslation;
}

const SHAPE: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ["id", (value) => typeof value === "string"],
  ["ingress", isObject],
  ["objects", (value) => Array.isArray(value) && value.every(isObject)],
  ["urlMap", (value) => isBackend(fieldOf(value, "default")) && listOf(fieldOf(value, "hosts"), isHost)],
  ["errors", (value) => listOf(value, (text) => typeof text === "string")],
];

function isHost(value: unknown): boolean {
  return typeof fieldOf(value, "host") === "string" && listOf(fieldOf(value, "paths"), isObject);
}

function isBackend(value: unknown): boolean {
  return value === null || isObject(value);
}

function listOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) ? (value as Record<string, unknown>)[key] : undefined;
}
