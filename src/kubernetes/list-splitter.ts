import { ApiFailure } from "./api-failure.ts";

/** Longest item of a list, and longest rest of it; an object is at most about 3 MiB on the API server. */
const MAX_PIECE = 16 * 1024 * 1024;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Bytes that matter outside and inside of strings; most do not, and the fewer are looked at the better. */
const OUTSIDE = tableOf(QUOTE, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE);
const INSIDE = tableOf(QUOTE, BACKSLASH);

/** Depth of brackets between the fields of the list, between the items, and between the fields of their metadata. */
const [IN_LIST, IN_ITEMS, IN_METADATA] = [1, 2, 4];

/** Who wrote which field: half of the bytes of many objects, and read by nobody here. */
const MANAGED_FIELDS = '"managedFields":';

/**
 * Cuts the JSON of a Kubernetes list into the texts of its items while it arrives, with empty managed fields.
 *
 * So nobody holds a whole page as bytes, text and objects at once. Only brackets and strings are looked at: what
 * is between them is checked by whoever parses the items and {@link envelope}.
 */
export class ListSplitter {
  /** Bytes that were looked at and not handed over: the begin of an item, or of the text around the items. */
  #rest: Buffer = Buffer.alloc(0);
  /** Where in the current bytes the item or the text around begins. */
  #start = 0;
  #depth = 0;
  #inString = false;
  /** The last byte was a backslash inside a string, and the bytes ended. */
  #escaped = false;
  #stringStart = 0;
  #lastString = "";
  #insideItems = false;
  #around = "";
  /** Begin and end of what the current item's {@link MANAGED_FIELDS} hold. */
  #cut: readonly [from: number, to: number] | undefined;

  /** The items that `chunk` completes. Throws {@link ApiFailure} when one grows beyond any object's size. */
  *push(chunk: Buffer): Generator<string> {
    if (chunk.length === 0) return;
    let at = this.#rest.length;
    const bytes = at === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#escaped) at += 1;
    this.#escaped = false;
    for (at = this.#next(bytes, at); at < bytes.length; at = this.#next(bytes, at)) {
      const item = this.#inString ? this.#stepInside(bytes, at) : this.#stepOutside(bytes, at);
      if (item !== undefined) yield item;
      at += this.#escaped ? 2 : 1;
      this.#escaped &&= at > bytes.length;
    }
    this.#keep(bytes);
  }

  /** The list without its items, which stand there as an empty array; complete once the last chunk was pushed. */
  envelope(): string {
    return this.#around + this.#rest.toString("utf8");
  }

  /** Position of the next byte that matters. */
  #next(bytes: Buffer, from: number): number {
    const table = this.#inString ? INSIDE : OUTSIDE;
    let at = from;
    while (at < bytes.length && table[bytes[at] as number] === 0) at += 1;
    return at;
  }

  #stepInside(bytes: Buffer, at: number): undefined {
    if (bytes[at] === BACKSLASH) {
      this.#escaped = true;
      return;
    }
    this.#inString = false;
    if (this.#depth === IN_LIST) this.#lastString = bytes.toString("utf8", this.#stringStart, at);
  }

  #stepOutside(bytes: Buffer, at: number): string | undefined {
    const byte = bytes[at];
    if (byte === QUOTE) {
      this.#inString = true;
      this.#stringStart = at + 1;
    } else if (byte === OPEN || byte === OPEN_LIST) this.#open(bytes, at);
    else return this.#close(bytes, at);
    return undefined;
  }

  #open(bytes: Buffer, at: number): void {
    if (this.#insideItems) {
      if (this.#depth === IN_ITEMS) this.#start = at;
      else if (this.#depth === IN_METADATA && isManagedFields(bytes, at)) this.#cut = [at + 1, at + 1];
    }
    this.#depth += 1;
    if (this.#depth !== IN_ITEMS || bytes[at] !== OPEN_LIST || this.#lastString !== "items") return;
    this.#insideItems = true;
    this.#around += bytes.toString("utf8", this.#start, at + 1);
    this.#start = at + 1;
  }

  #close(bytes: Buffer, at: number): string | undefined {
    this.#depth -= 1;
    if (!this.#insideItems) return undefined;
    if (this.#depth > IN_ITEMS) {
      const [from, to] = this.#cut ?? [];
      if (this.#depth === IN_METADATA && from !== undefined && from === to) this.#cut = [from, at];
      return undefined;
    }
    if (this.#depth === IN_ITEMS) return this.#item(bytes, at + 1);
    this.#insideItems = false;
    this.#start = at;
    return undefined;
  }

  #item(bytes: Buffer, end: number): string {
    const [start, cut] = [this.#start, this.#cut];
    this.#start = end;
    this.#cut = undefined;
    if (cut === undefined) return bytes.toString("utf8", start, end);
    return bytes.toString("utf8", start, cut[0]) + bytes.toString("utf8", cut[1], end);
  }

  #keep(bytes: Buffer): void {
    this.#rest = bytes.subarray(this.#start);
    if (this.#cut !== undefined) this.#cut = [this.#cut[0] - this.#start, this.#cut[1] - this.#start];
    this.#stringStart -= this.#start;
    this.#start = 0;
    if (this.#rest.length + this.#around.length > MAX_PIECE) {
      throw new ApiFailure("malformed", { detail: "an endless item" });
    }
  }
}

/** Whether the bracket at `at` opens their list; where JSON is written with spaces, they stay. */
function isManagedFields(bytes: Buffer, at: number): boolean {
  const before = Math.max(0, at - MANAGED_FIELDS.length);
  return bytes[at] === OPEN_LIST && bytes.toString("latin1", before, at) === MANAGED_FIELDS;
}

function tableOf(...bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
