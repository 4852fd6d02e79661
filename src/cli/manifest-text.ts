import { dirname } from "node:path";
import { isMap, isNode, isSeq, LineCounter, parseAllDocuments } from "yaml";
import { field, filledText, list, record } from "../model/json.ts";
import { CliError } from "./failure.ts";

/** One file, or stdin. */
export interface ManifestText {
  /** As shown to the user. */
  readonly file: string;
  readonly text: string;
}

/** One Kubernetes object of a manifest and where it begins. */
export interface ManifestObject {
  readonly raw: object;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  /** 1 for the first. */
  readonly line: number;
}

/** Most nodes that aliases may make of one document; more is a bomb, not a manifest. */
const MAX_ALIASES = 10_000;

/**
 * Reads the objects of a YAML or JSON text: documents, Lists, and Lists of one kind.
 *
 * Empty documents count for nothing; documents that are no Kubernetes objects go to `note`, such as the values of
 * a chart in the same folder. Throws {@link CliError} with file, line and column for text that is no YAML.
 */
export function parseManifestText(
  { file, text }: ManifestText,
  note: (line: string) => void,
): readonly ManifestObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  return [...documents].flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw syntaxError({ file, text }, lines.linePos(error.pos[0]), error.message);
    const lineOf = (node: unknown) => lines.linePos(startOf(node) ?? document.range[0]).line;
    const place = { file, line: lineOf(document.contents) };
    const value = toValue(() => document.toJS({ maxAliasCount: MAX_ALIASES }), place);
    if (value === null || value === undefined) return [];
    const items = isMap(document.contents) ? document.contents.get("items", true) : undefined;
    const itemPlaces = isSeq(items) ? items.items.map((item) => ({ file, line: lineOf(item) })) : [];
    return objectsOf(value, {
      place,
      itemPlaces,
      note: (line) => note(`${line}${templateHint(text)}`),
    });
  });
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function syntaxError(
  { file, text }: ManifestText,
  { line, col }: { readonly line: number; readonly col: number },
  message: string,
): CliError {
  return new CliError(`${file}:${line}:${col}: ${message}${templateHint(text)}`);
}

function templateHint(text: string): string {
  return text.includes("{{") ? "; this looks like a template, so render it first: helm template" : "";
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function toValue(convert: () => unknown, { file, line }: Place): unknown {
  try {
    return convert();
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it cannot be read";
    throw new CliError(`${file}:${line}: ${reason}`, { cause: error });
  }
}

interface Reading {
  readonly place: Place;
  /** Where the items of a List begin. */
  readonly itemPlaces: readonly Place[];
  readonly note: (line: string) => void;
}

function objectsOf(value: unknown, { place, itemPlaces, note }: Reading): readonly ManifestObject[] {
  const { file, line } = place;
  const kind = filledText(value, "kind");
  const apiVersion = filledText(value, "apiVersion");
  if (typeof value !== "object" || value === null || kind === undefined || apiVersion === undefined) {
    note(`${file}:${line}: not a Kubernetes object, because it lacks apiVersion or kind`);
    return [];
  }
  if (kind.endsWith("List") && Array.isArray(field(value, "items"))) {
    const itemKind = kind.slice(0, -"List".length);
    // Items of a typed list, such as ServiceList, leave out what the list says.
    const identity = itemKind === "" ? {} : { apiVersion, kind: itemKind };
    return list(value, "items").flatMap((item, index) =>
      objectsOf(typeof item === "object" ? { ...identity, ...item } : item, {
        place: itemPlaces[index] ?? place,
        itemPlaces: [],
        note,
      }),
    );
  }
  if (apiVersion.startsWith("kustomize.config.k8s.io/")) {
    const folder = dirname(file);
    note(
      `${file}:${line}: kustomize is not run here; pipe what it makes: kubectl kustomize ${folder} | ingress-doctor diagnose -f -`,
    );
    return [];
  }
  const name = filledText(record(value, "metadata"), "name");
  if (name === undefined) {
    note(`${file}:${line}: ${kind} has no metadata.name, so it is left out`);
    return [];
  }
  return [{ raw: value, apiVersion, kind, name, ...place }];
}
