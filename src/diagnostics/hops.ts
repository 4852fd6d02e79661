/** Hops of a request in walking order: first digit of the rules' codes, folder, title. */
export const HOPS = [
  { digit: "0", name: "ingress", title: "Class and ownership" },
  { digit: "1", name: "sync", title: "Sync errors and Events" },
  { digit: "2", name: "address", title: "Address" },
  { digit: "3", name: "routing", title: "Hosts, paths and default backend" },
  { digit: "4", name: "service", title: "Service and ports" },
  { digit: "5", name: "endpoints", title: "Endpoints and pods" },
  { digit: "6", name: "health", title: "Health check and BackendConfig" },
  { digit: "7", name: "neg", title: "Network endpoint groups" },
  { digit: "8", name: "tls", title: "TLS and FrontendConfig" },
  { digit: "9", name: "live", title: "Live load balancer, firewall and drift" },
] as const;

/** One of {@link HOPS}. */
export type Hop = (typeof HOPS)[number];

/** The hop that a rule looks at, by its code. */
export function hopOf(code: string): Hop | undefined {
  return HOPS.find(({ digit }) => digit === code[3]);
}
