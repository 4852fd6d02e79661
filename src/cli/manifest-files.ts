import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { CliError } from "./failure.ts";
import type { ManifestText } from "./manifest-text.ts";

const MANIFEST_NAME = /\.(ya?ml|json)$/i;

/** Reads what `-f` names: files, folders with all below them (but hidden ones), and `-` for stdin. */
export async function readManifestFiles(
  paths: readonly string[],
  stdin: NodeJS.ReadableStream,
): Promise<readonly ManifestText[]> {
  const texts: ManifestText[] = [];
  for (const path of new Set(paths)) {
    if (path === "-") texts.push({ file: "<stdin>", text: await readAll(stdin) });
    else texts.push(...filesOf(path).map((file) => ({ file, text: readFile(file) })));
  }
  return texts;
}

function filesOf(path: string): readonly string[] {
  const found = attempt(path, () => statSync(path));
  if (!found.isDirectory()) return [path];
  const files = attempt(path, () => filesBelow(path));
  if (files.length === 0) throw new CliError(`${path} holds no file that ends in .yaml, .yml or .json`);
  return files;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return MANIFEST_NAME.test(entry.name) ? [path] : [];
    });
}

function readFile(path: string): string {
  return attempt(path, () => readFileSync(path, "utf8"));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read",
};

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new CliError(`${path} ${REASONS[code] ?? `cannot be read (${code})`}`, { cause: error });
  }
}
