/** Breaks a text between words into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== "" && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
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

/** Length in characters, so that an emoji counts once. */
function length(text: string): number {
  return [...text].length;
}
