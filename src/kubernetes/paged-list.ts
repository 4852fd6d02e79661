import { field, filledText, record } from "../model/json.ts";
import type { CachedKind, CachedTypes } from "../reconciler/ports.ts";
import { ApiFailure, failureOfError } from "./api-failure.ts";
import type { WatchedKind } from "./kinds.ts";
import { ListSplitter } from "./list-splitter.ts";
import type { ApiClient } from "./transport.ts";
import { type Entry, entryOf } from "./watch-stream.ts";

/** What to list. */
export interface PagedListOptions<K extends CachedKind> {
  readonly kind: WatchedKind<K>;
  readonly transport: ApiClient;
  readonly path: string;
  readonly pageSize: number;
  /** Longest wait for each page to begin, and longest silence inside it. */
  readonly timeoutMs: number;
  readonly sink: { reuse(entry: Entry<CachedTypes[K]>): CachedTypes[K] };
}

/** A complete list and the version to watch from. */
export interface CompleteList<T> {
  readonly entries: readonly Entry<T>[];
  readonly version: string;
}

/**
 * Lists a kind page by page, projecting each object as soon as its bytes are there.
 *
 * Rejects with `ApiFailure` when any page fails, `gone` when the server has dropped the version being listed: a
 * list is complete or it is not returned.
 */
export async function listPages<K extends CachedKind>(
  options: PagedListOptions<K>,
  signal: AbortSignal,
): Promise<CompleteList<CachedTypes[K]>> {
  const entries: Entry<CachedTypes[K]>[] = [];
  let token: string | undefined;
  for (;;) {
    const metadata = await readPage(options, token, signal, (raw) => {
      const entry = entryOf(options.kind, raw);
      if (entry !== undefined) entries.push({ ...entry, object: options.sink.reuse(entry) });
    }).catch((error: unknown) => {
      throw failureOfError(error);
    });
    token = filledText(metadata, "continue");
    if (token === undefined) return { entries, version: filledText(metadata, "resourceVersion") ?? "" };
  }
}

/** Hands over the objects of one page and answers its metadata. */
async function readPage<K extends CachedKind>(
  { kind, transport, path, pageSize, timeoutMs }: PagedListOptions<K>,
  token: string | undefined,
  signal: AbortSignal,
  found: (raw: unknown) => void,
): Promise<unknown> {
  const query = {
    ...(kind.fieldSelector === undefined ? {} : { fieldSelector: kind.fieldSelector }),
    limit: String(pageSize),
    ...(token === undefined ? {} : { continue: token }),
  };
  const { chunks } = await transport.stream({ method: "GET", path, query, timeoutMs, signal }, timeoutMs);
  const splitter = new ListSplitter();
  for await (const chunk of chunks) {
    for (const item of splitter.push(chunk as Buffer)) found(parsed(item));
  }
  const list = parsed(splitter.envelope());
  const metadata = record(list, "metadata");
  // A proxy's page or an emptied body must never read as "there is nothing".
  if (!Array.isArray(field(list, "items")) || filledText(metadata, "resourceVersion") === undefined) {
    throw new ApiFailure("malformed", { detail: "an answer that is no list" });
  }
  return metadata;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ApiFailure("malformed", { detail: "an answer that is not JSON" });
  }
}
