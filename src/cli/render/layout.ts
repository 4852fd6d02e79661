/** Breaks a text between words into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const size = length(word);
    if (line !== "" && used + 1 + size > width) {
      lines.push(line);
      [line, used] = [word, size];
    } else [line, used] = line === "" ? [word, size] : [`${line} ${word}`, used + 1 + size];
  }
  return line === "" ? lines : [...lines, line];
}

/** A text under a label: the label once, further lines below the first. */
export function labelled(label: string, text: string, width: number): readonly string[] {
  const indent = " ".repeat(length(label));
  return wrapped(text, Math.max(width - length(label), 20)).map(
    (line, index) => `${index === 0 ? label : indent}${line}`,
  );
}

/** Columns as wide as they need to be; the last one is wrapped to what is left of `width`. */
export function columns(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => length(row[index] ?? ""))),
  );
  return rows.flatMap((row) => {
    const last = row.length - 1;
    const lead = row
      .slice(0, last)
      .map((cell, index) => cell.padEnd((widths[index] ?? 0) + 2))
      .join("");
    const lines = labelled(lead, row[last] ?? "", width);
    return lines.length === 0 ? [lead.trimEnd()] : lines;
  });
}

/** Second half of a character that takes two UTF-16 units. */
const LOW_SURROGATE = /[\udc00-\udfff]/g;

/** Length in characters, so that an emoji counts once. */
function length(text: string): number {
  return text.length - (text.match(LOW_SURROGATE)?.length ?? 0);
}
