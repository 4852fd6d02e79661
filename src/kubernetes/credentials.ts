import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { ApiFailure } from "./api-failure.ts";

/** How long applied credentials are used again; a rotated token file is noticed after at most that and a minute. */
const REUSE_MS = 10_000;

/** Longest wait for an exec plugin or a token request. */
const DEADLINE_MS = 30_000;

/** A connection that closes while idle on the server's side first would cost a failed request. */
const KEEP_ALIVE_MS = 20_000;

/** What every request needs to reach and convince the API server. */
export interface Access {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

interface TlsMaterial {
  readonly ca?: unknown;
  readonly cert?: unknown;
  readonly key?: unknown;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

/**
 * Turns a kubeconfig into request headers and one shared connection pool.
 *
 * client-node resolves the credentials (token file, exec plugin, OIDC, client certificate); the pool is replaced
 * only when the TLS material changes, so that a rotated token costs no connection.
 */
export class Credentials {
  #config: KubeConfig;
  readonly #monotonic: () => number;
  #access: Promise<Access> | undefined;
  #appliedAt = 0;
  #pool: { readonly material: string; readonly dispatcher: Dispatcher } | undefined;

  constructor(config: KubeConfig, monotonic: () => number) {
    this.#config = config;
    this.#monotonic = monotonic;
  }

  /** Current access; rejects with {@link ApiFailure} `unauthorized` when no credentials can be had. */
  access(): Promise<Access> {
    const now = this.#monotonic();
    if (this.#access !== undefined && now - this.#appliedAt < REUSE_MS) return this.#access;
    this.#appliedAt = now;
    const access = this.#apply();
    this.#access = access;
    // A failure is not worth remembering: the next request tries again.
    access.catch(() => {
      if (this.#access === access) this.#access = undefined;
    });
    return access;
  }

  /** Forgets everything resolved so far, after the server refused it. */
  refresh(): void {
    const { clusters, users, contexts, currentContext } = this.#config;
    // The library keeps tokens inside its authenticators, and only a new object has new ones.
    const fresh = new KubeConfig();
    fresh.loadFromOptions({ clusters, users, contexts, currentContext });
    this.#config = fresh;
    this.#access = undefined;
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await this.#pool?.dispatcher.destroy();
  }

  async #apply(): Promise<Access> {
    const options = await withDeadline(applied(this.#config)).catch((error: unknown) => {
      if (error instanceof ApiFailure) throw error;
      throw new ApiFailure("unauthorized", {
        detail: `no credentials: ${error instanceof Error ? error.message : "unknown"}`,
      });
    });
    const cluster = this.#config.getCurrentCluster();
    // The library goes on without a token where an expired one cannot be renewed; that would look like a lack of rights.
    if (this.#config.getCurrentUser()?.authProvider && options.headers.authorization === undefined) {
      throw new ApiFailure("unauthorized", { detail: "no credentials: the token has expired" });
    }
    if (cluster === null) throw new ApiFailure("unauthorized", { detail: "no current cluster" });
    return {
      server: cluster.server,
      headers: options.headers,
      dispatcher: this.#dispatcher(options.tls, cluster.proxyUrl),
    };
  }

  #dispatcher(tls: TlsMaterial, proxyUrl: string | undefined): Dispatcher {
    const material = JSON.stringify([tls, proxyUrl]);
    if (this.#pool?.material === material) return this.#pool.dispatcher;
    // Requests under way keep the old pool until they end.
    this.#pool?.dispatcher.close().catch(() => undefined);
    const dispatcher = createDispatcher(tls, proxyUrl);
    this.#pool = { material, dispatcher };
    return dispatcher;
  }
}

interface AppliedOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

async function applied(config: KubeConfig): Promise<AppliedOptions> {
  const options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0] = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // A token file usually ends in a newline, which no HTTP header may carry.
    headers[name.toLowerCase()] = String(value).trim();
  }
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  const tls = Object.entries({ ca, cert, key, rejectUnauthorized, servername });
  return { headers, tls: Object.fromEntries(tls.filter(([, value]) => value !== undefined)) };
}

function createDispatcher(tls: TlsMaterial, proxyUrl: string | undefined): Dispatcher {
  const connect = { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 } as object;
  const shared = { allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS };
  if (proxyUrl === undefined || proxyUrl === "") return new Agent({ ...shared, connect });
  if (!/^https?:\/\//.test(proxyUrl)) {
    throw new ApiFailure("network", { detail: "proxy-url of the kubeconfig is not http or https" });
  }
  return new ProxyAgent({ ...shared, uri: proxyUrl, requestTls: connect });
}

async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ApiFailure("timeout", { detail: "credentials" })), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
