/**
 * One request that is worth asking an endpoint of an unhealthy backend, as Google's prober would send it.
 *
 * It is a wish: whether the address may be asked at all is checked again where the connection is made.
 */
export interface ProbeTarget {
  /** Name of the Service, in the namespace of the Ingress. */
  readonly service: string;
  /** Number of the Service port. */
  readonly servicePort: number;
  readonly pod: string;
  readonly address: string;
  readonly port: number;
  readonly scheme: "HTTP" | "HTTPS" | "HTTP2";
  readonly path: string;
  /** Host header; empty means the address. */
  readonly host: string;
  /** What the health check asks, or what a readiness probe asks instead. */
  readonly asks: "health-check" | "readiness-probe";
  /** Seconds that the health check waits for an answer. */
  readonly timeoutSec: number;
}

/** Where a redirect points to. */
export interface Redirect {
  readonly scheme: "http" | "https";
  readonly path: string;
}

/**
 * What became of a request.
 *
 * - `answered`: with this status; `redirect` is where it points to, without host and query;
 * - `refused`: nothing listens on the port; `reset`: the connection was closed without an answer;
 * - `tls-error`: the TLS handshake failed; `not-http`: what came back is no answer in HTTP of that version;
 * - `timeout`: connected, and no answer in the time that was left to it;
 * - `unreachable`: no connection in that time, or no way to the address; says nothing about the pod, because
 *   network policies may treat the controller unlike Google;
 * - `blocked`: not asked, because the address is none that may be asked.
 */
export type ProbeOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly redirect?: Redirect }
  | { readonly kind: "timeout"; readonly waitedMs: number }
  | { readonly kind: "refused" | "reset" | "tls-error" | "not-http" | "unreachable" | "blocked" };

/** What one endpoint answered when asked what Google's prober asks. */
export interface ProbeResult extends ProbeTarget {
  readonly outcome: ProbeOutcome;
}
