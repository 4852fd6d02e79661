import { cleanText } from "../diagnostics/text.ts";

/** Longest text that a page takes from the cluster, in characters. */
const MAX_SHOWN = 8192;

/** Markup that is safe to put into a page as it is; the functions of this file make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in a template: text is escaped, markup is not, and undefined is nothing. */
export type HtmlValue = string | number | Html | readonly Html[] | undefined;

/** Builds markup; every text put into the template is escaped, in elements and in quoted attributes alike. */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = template[0] ?? "";
  for (const [index, value] of values.entries()) markup += markupOf(value) + (template[index + 1] ?? "");
  return new Html(markup);
}

/** Style sheets and scripts of the page's own build; never anything that comes from a cluster. */
export function trusted(content: string): Html {
  return new Html(content);
}

/** Pieces of markup one after the other. */
export function joined(pieces: readonly Html[]): Html {
  return new Html(pieces.map(({ markup }) => markup).join(""));
}

/** A text whose line breaks are kept, for `pre` elements. */
export function preformatted(text: string): Html {
  return new Html(text.split("\n").map(escaped).join("\n"));
}

/**
 * A value as JSON for a script element of a data type: `<` cannot end the element, and nothing but ASCII is left,
 * so that no invisible or direction-changing character is in the page's source.
 */
export function jsonIsland(value: unknown): Html {
  return new Html(
    JSON.stringify(value).replace(
      /[<>&]|[^ -~]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? escaped(value) : joined(value).markup;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The one way of text into a page: unsafe characters shown as `\u{..}`, markup characters as entities. */
function escaped(text: string): string {
  return cleanText(text, MAX_SHOWN).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? "");
}
