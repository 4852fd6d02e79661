import { request as requestHttp } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ProbeOutcome, ProbeTarget } from "../model/probe.ts";
import { type Connect, Exchange, MAX_HEADER_BYTES, USER_AGENT } from "./exchange.ts";

/** How requests are made. */
export interface AskOptions {
  readonly connect: Connect;
  /** Milliseconds for the whole exchange. */
  readonly deadlineMs: number;
}

/** Longest path that Compute Engine lets a health check have. */
const MAX_PATH = 2048;

/**
 * Sends one request as Google's prober does: GET, certificates unchecked, HTTP2 over TLS only, redirects not
 * followed. The address must have been checked. Never rejects.
 */
export async function ask(target: ProbeTarget, { connect, deadlineMs }: AskOptions): Promise<ProbeOutcome> {
  if (!isSendable(target)) return { kind: "blocked" };
  const exchange = new Exchange(target, connect(target.address, target.port), deadlineMs);
  if (target.scheme === "HTTP") sendHttp(exchange, exchange.socket);
  else overTls(exchange);
  return exchange.result;
}

/** Paths and hosts come from objects that users write: no control characters, no spaces, no other request. */
function isSendable({ path, host }: ProbeTarget): boolean {
  return /^\/[!-~]*$/.test(path) && path.length <= MAX_PATH && /^[a-z0-9._:-]*$/i.test(host);
}

function hostHeader({ host, address }: ProbeTarget): string {
  return host === "" ? address : host;
}

function overTls(exchange: Exchange): void {
  const { socket, target } = exchange;
  const protocols = target.scheme === "HTTP2" ? ["h2"] : ["http/1.1"];
  // Google's probers check no certificate, so one that nobody trusts must not look like a fault here.
  const secure = connectTls({ socket, rejectUnauthorized: false, ALPNProtocols: protocols });
  let isSecure = false;
  secure.on("error", (error) => (isSecure ? exchange.failed(error) : failedHandshake(exchange, error)));
  secure.on("secureConnect", () => {
    isSecure = true;
    if (target.scheme === "HTTPS") sendHttp(exchange, secure);
    else if (secure.alpnProtocol === "h2") sendHttp2(exchange, secure);
    else exchange.end({ kind: "not-http" });
  });
}

/** A connection that was never made is no TLS trouble; one that is dropped by the handshake is. */
function failedHandshake(exchange: Exchange, error: Error): void {
  const code = "code" in error ? String(error.code) : "";
  if (exchange.socket.connecting || ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"].includes(code))
    exchange.failed(error);
  else exchange.end({ kind: "tls-error" });
}

function sendHttp(exchange: Exchange, socket: Exchange["socket"] | TLSSocket): void {
  const { target } = exchange;
  const request = requestHttp({
    method: "GET",
    path: target.path,
    headers: { host: hostHeader(target), "user-agent": USER_AGENT, connection: "close" },
    maxHeaderSize: MAX_HEADER_BYTES,
    // With an agent of any kind this would be ignored, and a connection made elsewhere.
    createConnection: () => socket,
  });
  request.on("error", (error) => exchange.failed(error));
  request.on("response", (response) => {
    exchange.answered(response.statusCode ?? 0, response.headers.location);
    response.on("data", (chunk: Buffer) => exchange.received(chunk.length));
    response.on("error", () => exchange.end({ kind: "reset" }));
    response.on("end", () => exchange.end({ kind: "reset" }));
  });
  request.end();
}

function sendHttp2(exchange: Exchange, socket: TLSSocket): void {
  const { target } = exchange;
  const session = connectHttp2(`https://${target.address}:${target.port}`, {
    createConnection: () => socket,
    maxHeaderListPairs: 64,
    settings: { enablePush: false, initialWindowSize: 2048 },
  });
  void exchange.result.then(() => session.destroy());
  session.on("error", (error) => exchange.failed(error));
  const stream = session.request({
    ":method": "GET",
    ":path": target.path,
    ":authority": hostHeader(target),
    "user-agent": USER_AGENT,
  });
  stream.on("error", (error) => exchange.failed(error));
  stream.on("response", (headers) => exchange.answered(Number(headers[":status"] ?? 0), headers.location));
  stream.on("data", (chunk: Buffer) => exchange.received(chunk.length));
  stream.on("end", () => exchange.end({ kind: "reset" }));
  stream.end();
}
