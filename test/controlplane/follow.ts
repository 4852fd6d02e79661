import { setTimeout as sleep } from "node:timers/promises";
import type { TestClient, WatchEvent } from "./client.ts";
import type { Kind } from "./kube-object.ts";

const RETRY_MS = 200;

/**
 * Calls `onEvent` for every object of a kind in all namespaces and for each change, until `signal` aborts.
 *
 * When the server ends the stream or is away, it starts over: objects then come as ADDED again.
 */
export async function follow(
  client: TestClient,
  kind: Kind,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of client.watch(kind, { signal })) {
        if (event.type === "ERROR") break;
        if (event.type !== "BOOKMARK") onEvent(event);
      }
    } catch {
      // The server restarts, or the kind is not served yet.
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}
