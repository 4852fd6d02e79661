import { field, filledText, record } from "../model/json.ts";
import type { CachedKind, CachedTypes } from "../reconciler/ports.ts";
import { ApiFailure } from "./api-failure.ts";
import type { WatchedKind } from "./kinds.ts";
import type { ApiClient } from "./transport.ts";
import { type Entry, entryOf } from "./watch-stream.ts";

/** What to list. */
export interface PagedListOptions<K extends CachedKind> {
  readonly kind: WatchedKind<K>;
  readonly transport: ApiClient;
  readonly path: string;
  readonly pageSize: number;
  /** Deadline of each page. */
  readonly timeoutMs: number;
  readonly sink: { reuse(entry: Entry<CachedTypes[K]>): CachedTypes[K] };
}

/** A complete list and the version to watch from. */
export interface CompleteList<T> {
  readonly entries: readonly Entry<T>[];
  readonly version: string;
}

/**
 * Lists a kind page by page, projecting each page before the next is read.
 *
 * Rejects with `ApiFailure` when any page fails, `gone` when the server has dropped the version being listed: a
 * list is complete or it is not returned.
 */
export async function listPages<K extends CachedKind>(
  options: PagedListOptions<K>,
  signal: AbortSignal,
): Promise<CompleteList<CachedTypes[K]>> {
  const { kind, transport, path, sink } = options;
  const selector = kind.fieldSelector === undefined ? {} : { fieldSelector: kind.fieldSelector };
  const entries: Entry<CachedTypes[K]>[] = [];
  let token: string | undefined;
  for (;;) {
    const page = await transport.call({
      method: "GET",
      path,
      query: {
        ...selector,
        limit: String(options.pageSize),
        ...(token === undefined ? {} : { continue: token }),
      },
      timeoutMs: options.timeoutMs,
      signal,
    });
    const items = field(page, "items");
    const version = filledText(record(page, "metadata"), "resourceVersion");
    // A proxy's page or an emptied body must never read as "there is nothing".
    if (!Array.isArray(items) || version === undefined) {
      throw new ApiFailure("malformed", { detail: "an answer that is no list" });
    }
    for (const raw of items) {
      const entry = entryOf(kind, raw);
      if (entry !== undefined) entries.push({ ...entry, object: sink.reuse(entry) });
    }
    token = filledText(record(page, "metadata"), "continue");
    if (token === undefined) return { entries, version };
  }
}
