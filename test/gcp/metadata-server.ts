import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How a {@link MetadataServer} answers requests for a token. */
export type TokenAnswer = "token" | "hang" | number;

/** What Google's machines ask for their identity, on a loopback port. */
export class MetadataServer {
  /** A number is the status of a refusal. */
  answer: TokenAnswer = "token";
  /** Requests for a token so far. */
  asked = 0;
  readonly #server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    const send = (status: number, body: string) =>
      response
        .writeHead(status, { "metadata-flavor": "Google", "content-type": "application/json" })
        .end(body);
    if (path.includes("/token")) {
      this.asked += 1;
      if (this.answer === "hang") return;
      if (typeof this.answer === "number") send(this.answer, "no");
      else send(200, JSON.stringify({ access_token: "secret", expires_in: 3_600, token_type: "Bearer" }));
    } else if (path.includes("project/project-id")) send(200, "lab-project");
    else if (path.includes("instance/zone")) send(200, "projects/1/zones/us-central1-a");
    else if (path.includes("universe")) send(404, "");
    else send(200, "ok");
  });

  /** Listens on `port`, 0 for any free one, and answers `host:port`. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
