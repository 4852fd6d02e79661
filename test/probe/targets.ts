import type { ProbeTarget } from "../../src/model/probe.ts";

/** The request of a default health check to the first pod of Service `web`. */
export function target(changes: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    service: "web",
    servicePort: 80,
    pod: "web-1",
    address: "10.4.0.1",
    port: 8080,
    scheme: "HTTP",
    path: "/",
    host: "",
    asks: "health-check",
    timeoutSec: 15,
    ...changes,
  };
}
