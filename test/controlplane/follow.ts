import { setTimeout as sleep } from "node:timers/promises";
import type { ListOptions, TestClient, WatchEvent } from "./client.ts";
import type { Kind } from "./kube-object.ts";

const RETRY_MS = 200;

/**
 * Calls `onEvent` for every object of a kind and for each change, until `signal` aborts.
 *
 * When the server ends the stream or is away, it starts over: objects then come as ADDED again.
 */
export async function follow(
  client: TestClient,
  kind: Kind,
  onEvent: (event: WatchEvent) => void,
  options: ListOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    try {
      for await (const event of client.watch(kind, options)) {
        if (event.type === "ERROR") break;
        if (event.type !== "BOOKMARK") onEvent(event);
      }
    } catch {
      // The server restarts, or the kind is not served yet.
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}
