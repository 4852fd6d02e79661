import type {
  EffectiveHealthCheck,
  HealthCheckPort,
  HealthCheckSource,
  Sourced,
} from "./gke/health-check.ts";
import type { ProbeMismatch } from "./gke/readiness-probe.ts";
import { listed } from "./text.ts";

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

/** Tells what Google's prober asks and who says so: `HTTP GET / on the serving port (all from GKE's default)`. */
export function describeHealthCheck({ type, port, path, host }: EffectiveHealthCheck): string {
  const hostClause = host.value === "" ? "" : ` with Host ${host.value}`;
  const settings: [string, Sourced<unknown>][] = [
    ["type", type],
    ["port", port],
    ["path", path],
  ];
  if (host.value !== "") settings.push(["Host", host]);
  return `${type.value} GET ${path.value} on ${portClause(port.value)}${hostClause} (${describeSources(settings)})`;
}

function portClause(port: HealthCheckPort): string {
  if (port.kind === "fixed") return `port ${port.number}`;
  return port.kind === "serving" ? "the serving port" : describePort(port);
}

/** Settings of one source share one clause. */
function describeSources(settings: readonly (readonly [string, Sourced<unknown>])[]): string {
  const bySource = new Map<string, string[]>();
  for (const [name, { source }] of settings) {
    const names = bySource.get(describeSource(source)) ?? [];
    bySource.set(describeSource(source), [...names, name]);
  }
  if (bySource.size === 1) return `all from ${[...bySource.keys()].join()}`;
  return [...bySource].map(([source, names]) => `${names.join(" and ")} from ${source}`).join(", ");
}

/** Says why a readiness probe is not copied into a health check, as a clause behind "because". */
export function describeMismatch(mismatch: ProbeMismatch): string {
  switch (mismatch.condition) {
    case "not-http":
      return `it is of kind ${mismatch.actual} and only httpGet probes are copied`;
    case "host-set":
      return `it names host ${mismatch.host}`;
    case "extra-headers":
      return `it sends headers besides one Host: ${listed(mismatch.headers)}`;
    case "scheme-mismatch":
      return `its scheme is ${mismatch.actual} and the backend's protocol asks for ${mismatch.expected}`;
    case "container-port-not-declared":
      return `its container declares ${declaredText(mismatch.declared)} and not target port ${mismatch.targetPort}`;
    case "probe-port-differs":
      return `it asks port ${mismatch.probePort} and the Service targets port ${mismatch.targetPort}`;
  }
}

function declaredText(ports: readonly { readonly name?: string; readonly containerPort: number }[]): string {
  if (ports.length === 0) return "no port";
  const texts = ports.map(({ name, containerPort }) =>
    name === undefined ? String(containerPort) : `${name} (${containerPort})`,
  );
  return `${ports.length === 1 ? "port" : "ports"} ${listed(texts)}`;
}
