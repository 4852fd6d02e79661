import { type IncomingHttpHeaders, request as requestHttp } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as requestHttps } from "node:https";

/** One request to a pod, on the loopback port that stands in for it. */
export interface UpstreamRequest {
  readonly protocol: "HTTP" | "HTTPS" | "HTTP2";
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly userAgent?: string | undefined;
  readonly timeoutMs: number;
}

/** What came back, or how it failed. */
export type UpstreamAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  | { readonly kind: "timeout" }
  | { readonly kind: "failed" };

/** Asks a pod as Google's load balancer and probers do: certificates are not looked at. Never rejects. */
export function askUpstream(request: UpstreamRequest): Promise<UpstreamAnswer> {
  return request.protocol === "HTTP2" ? askHttp2(request) : askHttp1(request);
}

function askHttp1({ protocol, port, method, path, host, userAgent, timeoutMs }: UpstreamRequest) {
  return new Promise<UpstreamAnswer>((resolve) => {
    const headers = {
      host,
      connection: "close",
      ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
    };
    const options = { host: "127.0.0.1", port, method, path, headers, rejectUnauthorized: false };
    const request = protocol === "HTTP" ? requestHttp(options) : requestHttps({ ...options, servername: "" });
    const timer = setTimeout(() => {
      resolve({ kind: "timeout" });
      request.destroy();
    }, timeoutMs);
    const end = (answer: UpstreamAnswer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    request.on("error", () => end({ kind: "failed" }));
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => end({ kind: "failed" }));
      response.on("end", () =>
        end({
          kind: "answered",
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.end();
  });
}

function askHttp2({ port, method, path, host, userAgent, timeoutMs }: UpstreamRequest) {
  return new Promise<UpstreamAnswer>((resolve) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, {
      rejectUnauthorized: false,
      servername: "pod",
    });
    const timer = setTimeout(() => end({ kind: "timeout" }), timeoutMs);
    const end = (answer: UpstreamAnswer) => {
      clearTimeout(timer);
      session.destroy();
      resolve(answer);
    };
    session.on("error", () => end({ kind: "failed" }));
    const stream = session.request({
      ":method": method,
      ":path": path,
      ":authority": host,
      ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
    });
    const chunks: Buffer[] = [];
    let [status, headers]: [number, IncomingHttpHeaders] = [0, {}];
    stream.on("error", () => end({ kind: "failed" }));
    stream.on("response", (received) => {
      const { ":status": code, ...rest } = received;
      [status, headers] = [Number(code ?? 0), rest as IncomingHttpHeaders];
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () =>
      end(
        status === 0
          ? { kind: "failed" }
          : { kind: "answered", status, headers, body: Buffer.concat(chunks) },
      ),
    );
    stream.end();
  });
}
