/** What one endpoint answered when asked what Google's prober asks. */
export interface ProbeResult {
  /** Service port number of the backend. */
  readonly service: string;
  readonly servicePort: number;
  readonly pod: string;
  readonly address: string;
  readonly port: number;
  readonly scheme: "HTTP" | "HTTPS" | "HTTP2";
  readonly path: string;
  readonly outcome:
    | { readonly kind: "answered"; readonly status: number; readonly location?: string }
    | { readonly kind: "refused" | "timeout" | "reset" | "tls-error" | "not-http" | "blocked" };
}
