/** Replaces what stands between `<!-- name:begin -->` and `<!-- name:end -->`; throws where a mark is missing. */
export function withSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The text lacks ${begin} or ${end}.`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}
