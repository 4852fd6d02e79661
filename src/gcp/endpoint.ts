/** Where the Compute API is served, as the client library wants it. */
export interface Endpoint {
  readonly protocol: "http" | "https";
  readonly apiEndpoint: string;
  readonly port: number;
}

/**
 * Reads an endpoint that a user set, such as `http://127.0.0.1:8085`; undefined when it is none.
 *
 * Plain HTTP is allowed for loopback addresses only: elsewhere it would show the load balancer to the network.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.pathname !== "/" || url.search !== "" || url.username !== "") return undefined;
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== "http" && protocol !== "https") return undefined;
  if (protocol === "http" && !isLoopback(url.hostname)) return undefined;
  return { protocol, apiEndpoint: url.hostname, port: Number(url.port) || (protocol === "http" ? 80 : 443) };
}

/** Whether an endpoint needs no identity: an emulator on the same machine. */
export function isEmulator({ protocol }: Endpoint): boolean {
  return protocol === "http";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
