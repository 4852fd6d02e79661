import type { IncomingMessage, ServerResponse } from "node:http";
import { BoundedServer } from "../http/bounded-server.ts";

/** One question about the process. */
export interface HealthCheck {
  readonly name: string;
  readonly ask: () => HealthAnswer;
}

/** The answer to a {@link HealthCheck}; `detail` may say more about a good one as well. */
export interface HealthAnswer {
  readonly isGood: boolean;
  readonly detail?: string;
}

/** What the health server answers with. */
export interface HealthOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Whether a restart would help: never about the API server or Google. */
  readonly live: readonly HealthCheck[];
  /** Whether the process can do its work now. */
  readonly ready: readonly HealthCheck[];
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

const TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 100;

/**
 * Serves `/livez` (also `/healthz`), `/readyz` and `/metrics` over HTTP; rejects when it cannot listen.
 *
 * It reads no request bodies, and slow or many clients cannot hold it up.
 */
export async function startHealthServer(options: HealthOptions): Promise<BoundedServer> {
  const answers = routes(options);
  return BoundedServer.start({
    host: options.host,
    port: options.port,
    timeoutMs: TIMEOUT_MS,
    maxConnections: MAX_CONNECTIONS,
    respond: (request, response) => respond(request, response, answers),
  });
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

type Routes = ReadonlyMap<string, () => Promise<Answer>>;

function routes(options: HealthOptions): Routes {
  const live = async () => checkAll(options.live);
  let scrape: Promise<Answer> | undefined;
  // Scrapes that overlap share one rendering.
  const metrics = () => {
    scrape ??= options
      .metrics()
      .then((rendered) => ({ status: 200, ...rendered }))
      .finally(() => {
        scrape = undefined;
      });
    return scrape;
  };
  return new Map([
    ["/livez", live],
    ["/healthz", live],
    ["/readyz", async () => checkAll(options.ready)],
    ["/metrics", metrics],
  ]);
}

function checkAll(checks: readonly HealthCheck[]): Answer {
  const answers = checks.map(({ name, ask }) => ({ name, ...ask() }));
  const lines = answers.map(({ name, isGood, detail }) => {
    const line = `${isGood ? "ok" : "failed"} ${name}`;
    return detail === undefined ? line : `${line}: ${detail}`;
  });
  return {
    status: answers.every(({ isGood }) => isGood) ? 200 : 503,
    contentType: "text/plain; charset=utf-8",
    text: `${lines.join("\n")}\n`,
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, answers: Routes): Promise<void> {
  const answer = await answerTo(request, answers);
  response.writeHead(answer.status, { "content-type": answer.contentType });
  response.end(request.method === "HEAD" ? undefined : answer.text);
}

async function answerTo(request: IncomingMessage, answers: Routes): Promise<Answer> {
  const plain = (status: number, text: string) => ({
    status,
    contentType: "text/plain; charset=utf-8",
    text,
  });
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "method not allowed\n");
  const answer = answers.get((request.url ?? "").split("?", 1)[0] ?? "");
  if (answer === undefined) return plain(404, "not found\n");
  try {
    return await answer();
  } catch {
    return plain(500, "internal error\n");
  }
}
