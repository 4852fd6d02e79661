import type { Leadership } from "../reconciler/ports.ts";
import { ApiFailure } from "./api-failure.ts";
import type { ApiClient, ApiRequest, ApiStream } from "./transport.ts";

/**
 * Passes requests on while this process leads, and fails them as `aborted` otherwise.
 *
 * A process that was stopped for longer than its Lease lasted goes on wherever it was, before any timer could tell
 * it what it has lost; so the question is asked again right before each request.
 */
export class LeaderClient implements ApiClient {
  readonly #client: ApiClient;
  readonly #leadership: Pick<Leadership, "isLeader">;

  constructor(client: ApiClient, leadership: Pick<Leadership, "isLeader">) {
    this.#client = client;
    this.#leadership = leadership;
  }

  async call(call: ApiRequest): Promise<unknown> {
    this.#mustLead();
    return this.#client.call(call);
  }

  async stream(call: ApiRequest, idleMs: number): Promise<ApiStream> {
    this.#mustLead();
    return this.#client.stream(call, idleMs);
  }

  #mustLead(): void {
    if (!this.#leadership.isLeader())
      throw new ApiFailure("aborted", { detail: "this process does not lead" });
  }
}
