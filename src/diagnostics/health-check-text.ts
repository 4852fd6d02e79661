import type { HealthCheckPort, HealthCheckSource } from "./gke/health-check.ts";

/** Names where a health check setting comes from, for messages and the status. */
export function describeSource(source: HealthCheckSource): string {
  switch (source.kind) {
    case "default":
      return "GKE's default";
    case "readiness-probe":
      return `readiness probe of pod ${source.pod}, container ${source.container}`;
    case "backend-config":
      return `BackendConfig ${source.object.name}`;
    case "transparent":
      return "transparent health check";
  }
}

/** Names the port Google's prober asks, for messages and the status. */
export function describePort(port: HealthCheckPort): string {
  switch (port.kind) {
    case "serving":
      return "serving port";
    case "node-port":
      return port.number === undefined ? "no node port" : `node port ${port.number}`;
    case "fixed":
      return String(port.number);
  }
}
