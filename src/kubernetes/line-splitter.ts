import { ApiFailure } from "./api-failure.ts";

/** Longest line of a watch; an object is at most about 3 MiB on the API server. */
const MAX_LINE = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a byte stream into lines, decoding each only once it is complete. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restSize = 0;

  /** The lines that `chunk` completes. Throws {@link ApiFailure} when a line grows beyond any object's size. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield this.#complete(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#rest.push(chunk.subarray(start));
    this.#restSize += chunk.length - start;
    if (this.#restSize > MAX_LINE) throw new ApiFailure("malformed", { detail: "an endless line" });
  }

  #complete(last: Buffer): string {
    if (this.#restSize === 0) return last.toString("utf8");
    const line = Buffer.concat([...this.#rest, last]).toString("utf8");
    this.#rest = [];
    this.#restSize = 0;
    return line;
  }
}
