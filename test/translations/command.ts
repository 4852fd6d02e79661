import { parseArgs } from "node:util";
import { type Agreement, compareAll, type Disagreement } from "./compare.ts";
import { readTranslations, UnreadableFileError } from "./recorded-translation.ts";

const USAGE = "usage: npm run -s translations -- FILE [--json]";

/** What the command prints; it has failed when a line differs or the file cannot be evaluated. */
export interface Outcome {
  readonly failed: boolean;
  readonly output: string;
  /** Why there is nothing to evaluate; undefined when there is. */
  readonly complaint?: string;
}

/** Runs the command on its arguments: one file, and `--json` for one JSON object instead of text. */
export function evaluate(args: readonly string[]): Outcome {
  try {
    const { positionals, values } = readArguments(args);
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UnreadableFileError(USAGE);
    const agreement = compareAll(readTranslations(file));
    const output = values.json === true ? JSON.stringify(agreement, undefined, 2) : render(agreement);
    return { failed: agreement.agree < agreement.lines, output };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { failed: true, output: "", complaint: error.message };
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: "boolean" } } });
  } catch {
    throw new UnreadableFileError(USAGE);
  }
}

function render({ lines, urlMapAgrees, errorsAgree, agree, differences }: Agreement): string {
  const details = differences.flatMap(({ id, urlMap, errors }) => [
    ...renderPart(`${id}: the URL map differs`, urlMap),
    ...renderPart(`${id}: the errors differ`, errors),
  ]);
  const total = `${agree} of ${lines} lines agree (URL map: ${urlMapAgrees}, errors: ${errorsAgree})`;
  return [...details, total].join("\n");
}

function renderPart(title: string, part: Disagreement | undefined): readonly string[] {
  if (part === undefined) return [];
  const { recorded, translated } = part;
  return [
    title,
    ...recorded.map((text) => `  only recorded:   ${text}`),
    ...translated.map((text) => `  only translated: ${text}`),
    ...(recorded.length + translated.length === 0 ? ["  same entries, another order or number"] : []),
  ];
}
