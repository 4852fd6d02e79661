import { parseArgs } from "node:util";
import { type Agreement, compareAll, type Disagreement } from "./compare.ts";
import { readTranslations, UnreadableFileError } from "./recorded-translation.ts";

const USAGE = "usage: npm run -s translations -- FILE [--json]";

/** Evaluates one file; 0 when every line agrees, 1 otherwise. */
function main(args: readonly string[]): number {
  try {
    const { positionals, values } = readArguments(args);
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UnreadableFileError(USAGE);
    const agreement = compareAll(readTranslations(file));
    console.log(values.json === true ? JSON.stringify(agreement, undefined, 2) : render(agreement));
    return agreement.agree === agreement.lines ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    console.error(error.message);
    return 1;
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

process.exitCode = main(process.argv.slice(2));
