/** Quotes one word for a POSIX shell; plain words stay bare so that commands read well. */
export function shellQuote(word: string): string {
  return word !== "" && !/[^A-Za-z0-9_@%+=:,./-]/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Joins words into one shell command, each quoted as needed. */
export function shellCommand(...words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}
