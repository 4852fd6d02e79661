/** Width of characters in parts of the font size, for sans-serif fonts on the wide side. */
const [NARROW, USUAL, WIDE] = [0.33, 0.57, 0.86];

/**
 * Shortens a text in its middle, so that it fits a width in most sans-serif fonts: both ends of names tell more.
 *
 * @param width in pixels
 * @param size of the font, in pixels
 */
export function fitted(text: string, width: number, size: number): string {
  const characters = [...text];
  const most = width / size;
  if (widthOf(characters) <= most) return text;
  let [head, tail] = [characters.length, 0];
  const cut = () => [...characters.slice(0, head), "…", ...characters.slice(characters.length - tail)];
  // From far too long to just fitting: two characters from the head for each that the tail keeps.
  head = Math.min(head, Math.ceil(most / NARROW));
  tail = Math.floor(head / 3);
  head -= tail;
  while (head > 1 && widthOf(cut()) > most) {
    if (tail * 2 > head) tail -= 1;
    else head -= 1;
  }
  return cut().join("");
}

function widthOf(characters: readonly string[]): number {
  return characters.reduce((sum, character) => sum + characterWidth(character), 0);
}

function characterWidth(character: string): number {
  if (/[ijlIft.,:;'|!()[\]/]/.test(character)) return NARROW;
  if (/[mwMW@%]/.test(character)) return WIDE;
  if (character > "~") return WIDE;
  return /[A-Z]/.test(character) ? 0.68 : USUAL;
}
