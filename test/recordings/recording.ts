import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { RawObject } from "../support/object-snapshots.ts";

/** What a recording says is wrong with its cluster. */
export interface Truth {
  readonly name: string;
  readonly rootCause: string;
  readonly symptom: string;
  readonly explanation: string;
  readonly observedAt: string;
}

/** One folder of recordings: a cluster as the real controller left it. */
export interface Recording {
  readonly name: string;
  readonly truth: Truth;
  readonly objects: readonly RawObject[];
  /** `gcp.json`, Compute API objects by collection; undefined when the folder has none. */
  readonly compute: Readonly<Record<string, unknown>> | undefined;
}

/** Reads every recording below a folder, or the folder itself if it is one; sorted by name. */
export function readRecordings(folder: string): readonly Recording[] {
  if (hasTruth(folder)) return [readRecording(folder)];
  const recordings = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory() && hasTruth(path))
    .sort()
    .map(readRecording);
  if (recordings.length === 0)
    throw new Error(`${folder} holds no recording: no folder in it has a truth.json.`);
  return recordings;
}

function hasTruth(folder: string): boolean {
  return statSync(join(folder, "truth.json"), { throwIfNoEntry: false }) !== undefined;
}

function readRecording(folder: string): Recording {
  const cluster = readJson(join(folder, "cluster.json")) as { items?: readonly RawObject[] } | undefined;
  const extra = readJson(join(folder, "extra.json")) as { items?: readonly RawObject[] } | undefined;
  const truth = readJson(join(folder, "truth.json")) as Truth;
  return {
    name: basename(folder),
    truth,
    objects: [...(cluster?.items ?? []), ...(extra?.items ?? [])],
    compute: readJson(join(folder, "gcp.json")) as Recording["compute"],
  };
}

function readJson(path: string): unknown {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
