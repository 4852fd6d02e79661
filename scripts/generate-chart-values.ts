import { readFileSync } from "node:fs";
import { isCollection, isMap, parseDocument } from "yaml";
import { type Generator, ROOT } from "./generator.ts";

const VALUES = "charts/ingress-doctor/values.yaml";
const TARGET = "docs/chart-values.md";

/** One value of the chart that a user may set. */
export interface ChartValue {
  /** Dotted, e.g. `image.registry`. */
  readonly path: string;
  /** Compact JSON. */
  readonly fallback: string;
  /** The comment above it. */
  readonly comment: string;
}

/** The table of the chart's values, from the comments in its values.yaml. */
export const chartValuesPage: Generator = {
  name: "chart values",
  outputs: () => new Map([[TARGET, render(chartValues())]]),
};

/** Every documented value in the order of values.yaml; throws for one without a comment. */
export function chartValues(): ChartValue[] {
  const text = readFileSync(new URL(VALUES, ROOT), "utf8");
  const comments = commentsByLine(text);
  return valuesOf(parseDocument(text), text, comments);
}

/** Comment blocks by the number of the line they stand above. */
function commentsByLine(text: string): ReadonlyMap<number, string> {
  const comments = new Map<number, string>();
  let block: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const [, comment] = /^ *# (.*)$/.exec(line) ?? [];
    if (comment !== undefined) block.push(comment);
    else if (block.length > 0) {
      comments.set(index, block.join(" "));
      block = [];
    }
  }
  return comments;
}

/** A map whose first key has a comment of its own is a group; any other value is set as a whole. */
function valuesOf(
  document: ReturnType<typeof parseDocument>,
  text: string,
  comments: ReadonlyMap<number, string>,
): ChartValue[] {
  const values: ChartValue[] = [];
  const visit = (node: unknown, path: readonly string[]) => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items as { key: Located; value: unknown }[]) {
      const line = text.slice(0, key.range[0]).split("\n").length - 1;
      const comment = comments.get(line);
      const inner = [...path, key.value];
      if (isGroup(value, text, comments)) visit(value, inner);
      else if (comment === undefined) throw new Error(`${VALUES}: ${inner.join(".")} has no comment`);
      else values.push({ path: inner.join("."), fallback: compact(value), comment });
    }
  };
  visit(document.contents, []);
  return values;
}

interface Located {
  readonly value: string;
  readonly range: readonly [number, number, number];
}

function isGroup(value: unknown, text: string, comments: ReadonlyMap<number, string>): boolean {
  if (!isMap(value)) return false;
  const [first] = value.items as { key: Located; value: unknown }[];
  if (first === undefined) return false;
  const line = text.slice(0, first.key.range[0]).split("\n").length - 1;
  return comments.has(line) || isGroup(first.value, text, comments);
}

function compact(value: unknown): string {
  return JSON.stringify(isCollection(value) ? value.toJSON() : (value as { value: unknown }).value);
}

function render(values: readonly ChartValue[]): string {
  const rows = values.map(
    ({ path, fallback, comment }) => `| \`${path}\` | \`${fallback}\` | ${comment.replaceAll("|", "\\|")} |`,
  );
  return `# Values of the Helm chart

Unknown names and values of another type are refused by the chart's schema before anything is installed.

| value | default | meaning |
| --- | --- | --- |
${rows.join("\n")}

<!-- Generated from ${VALUES} by \`npm run gen\`. -->
`;
}
