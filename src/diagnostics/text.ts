/** Longest string that a finding, Event or status field takes from the cluster, in characters. */
export const MAX_TEXT = 1024;

/** C0, DEL, C1, zero-width, bidirectional controls, line separators, BOM and lone surrogates. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Nearly no text has any: a test without alternatives and ways back, many times faster than {@link UNSAFE}. */
const NOT_PRINTABLE_ASCII = /[^ -~]/;

/**
 * Makes a string from the cluster safe to show: unsafe characters become `\u{..}`, and it is cut on a
 * code-point border with an ellipsis.
 */
export function cleanText(text: string, max: number = MAX_TEXT): string {
  if (text.length <= max && !NOT_PRINTABLE_ASCII.test(text)) return text;
  const bounded = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const escaped = bounded.replace(UNSAFE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
  if (escaped.length <= max && bounded === text) return escaped;
  return escaped.length < max ? `${escaped}…` : `${sliceCodePoints(escaped, max - 1)}…`;
}

/** Whether a text of one or more lines is safe to show as it is: not longer than `max`, and nothing to clean. */
export function isShownWhole(text: string, max: number): boolean {
  return text.length <= max && text.split("\n").every((line) => cleanText(line, max) === line);
}

/** Names up to `max` items and counts the rest: `a, b and 3 more`. Order is the caller's. */
export function listed(items: readonly string[], max = 5): string {
  if (items.length === 0) return "none";
  const rest = items.length - max;
  return rest > 0 ? `${items.slice(0, max).join(", ")} and ${rest} more` : items.join(", ");
}

/** `1 endpoint`, `2 endpoints`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A duration in the largest whole unit that says enough: `45 s`, `12 min`, `3 h`, `2 d`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

function sliceCodePoints(text: string, end: number): string {
  const code = text.charCodeAt(end - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end);
}
