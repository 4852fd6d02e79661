import type { Leadership } from "../reconciler/ports.ts";
import type { ApiClient, ApiRequest, ApiStream } from "./transport.ts";

/**
 * Lets requests start while this process leads, and fails them as `aborted` otherwise.
 *
 * A process that was suspended for longer than its Lease lasted goes on wherever it was, before any timer could
 * tell it what it has lost; so the question is asked as late as it can be.
 */
export class LeaderClient implements ApiClient {
  readonly #client: ApiClient;
  readonly #mayStart: () => boolean;

  constructor(client: ApiClient, leadership: Pick<Leadership, "isLeader">) {
    this.#client = client;
    this.#mayStart = () => leadership.isLeader();
  }

  call(call: ApiRequest): Promise<unknown> {
    return this.#client.call({ ...call, mayStart: this.#mayStart });
  }

  stream(call: ApiRequest, idleMs: number): Promise<ApiStream> {
    return this.#client.stream({ ...call, mayStart: this.#mayStart }, idleMs);
  }
}
