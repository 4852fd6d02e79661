import type { BackendConfig, BackendConfigHealthCheck } from "../../model/gke-config.ts";
import { known, type Observed } from "../../model/observed.ts";
import type { Pod } from "../../model/pod.ts";
import { type ObjectRef, refKey } from "../../model/refs.ts";
import type { ResolvedBackend } from "./backend.ts";
import { SYSTEM_DEFAULT_KEY } from "./lookup.ts";
import { adoptReadinessProbe, type ProbeAdoption } from "./readiness-probe.ts";
import { parseTransparentHealthCheck } from "./transparent-health-check.ts";

/** Where a setting of a health check comes from. */
export type HealthCheckSource =
  | { readonly kind: "default" }
  | { readonly kind: "readiness-probe"; readonly pod: string; readonly container: string }
  | { readonly kind: "backend-config"; readonly object: ObjectRef; readonly field: string }
  | { readonly kind: "transparent" };

/** A setting and where it comes from. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: HealthCheckSource;
}

/**
 * The port that Google's prober asks.
 *
 * - `serving`: the port that each endpoint serves on;
 * - `node-port`: the Service's node port, on every node; undefined when it has none, and the sync then fails;
 * - `fixed`: one number for all endpoints.
 */
export type HealthCheckPort =
  | { readonly kind: "serving" }
  | { readonly kind: "node-port"; readonly number: number | undefined }
  | { readonly kind: "fixed"; readonly number: number };

/** The health check that GKE creates for a backend, with the source of each setting. Times are seconds. */
export interface EffectiveHealthCheck {
  /** HTTP, HTTPS or HTTP2; any other text comes from a BackendConfig and fails the sync. */
  readonly type: Sourced<string>;
  readonly port: Sourced<HealthCheckPort>;
  readonly path: Sourced<string>;
  /** Host header; empty means the address of the endpoint. */
  readonly host: Sourced<string>;
  readonly intervalSec: Sourced<number>;
  readonly timeoutSec: Sourced<number>;
  readonly healthyThreshold: Sourced<number>;
  readonly unhealthyThreshold: Sourced<number>;
  /** What became of the pods' readiness probes; undefined where they are not looked at. */
  readonly probe: ProbeAdoption | undefined;
}

/** What only the cluster's operator decides. */
export interface HealthCheckFeatures {
  /** Whether the controller honours the transparent health check annotation; off by default. */
  readonly transparentHealthChecks: boolean;
}

/**
 * The health check that GKE would create now for a backend.
 *
 * One that exists already keeps path, host, times and thresholds it was created with, whatever probes say
 * later; only BackendConfig fields, the type and the port are updated. Unknown when BackendConfigs or pods
 * that it depends on could not be read. Source: pkg/translator/healthchecks.go of ingress-gce.
 */
export function effectiveHealthCheck(
  backend: ResolvedBackend,
  pods: Observed<readonly Pod[]>,
  features: HealthCheckFeatures = { transparentHealthChecks: false },
): Observed<EffectiveHealthCheck> {
  const choice = backend.backendConfig;
  if (choice.kind === "unread") return choice.missing;
  const config = choice.kind === "chosen" ? choice.config : undefined;
  if (config?.healthCheck === undefined && features.transparentHealthChecks && asksForTransparent(backend)) {
    return known(TRANSPARENT);
  }
  const adoption = adoptReadinessProbe(backend.service, backend.port, backend.protocol, pods);
  if (!adoption.known) return adoption;
  const created = withProbe(defaults(backend), adoption.value, backend.mode);
  return known(config === undefined ? created : withBackendConfig(created, config));
}

const DEFAULT = { kind: "default" } as const;

function byDefault<T>(value: T): Sourced<T> {
  return { value, source: DEFAULT };
}

function asksForTransparent({ mode, service }: ResolvedBackend): boolean {
  const parsed = parseTransparentHealthCheck(service);
  return mode === "neg" && parsed.kind === "valid" && parsed.value.enabled;
}

/** Added to a probe's period for instance groups, whose every node asks every pod. */
const INSTANCE_GROUP_INTERVAL_SEC = 60;

function defaults({ mode, port, protocol, service }: ResolvedBackend): EffectiveHealthCheck {
  const neg = mode === "neg";
  // The system default backend answers 404 on every other path.
  const path = refKey(service.ref) === SYSTEM_DEFAULT_KEY ? "/healthz" : "/";
  return {
    type: byDefault(protocol),
    port: byDefault<HealthCheckPort>(
      neg ? { kind: "serving" } : { kind: "node-port", number: port.nodePort },
    ),
    path: byDefault(path),
    host: byDefault(""),
    intervalSec: byDefault(neg ? 15 : INSTANCE_GROUP_INTERVAL_SEC),
    timeoutSec: byDefault(neg ? 15 : 60),
    healthyThreshold: byDefault(1),
    unhealthyThreshold: byDefault(neg ? 2 : 10),
    probe: undefined,
  };
}

function withProbe(
  base: EffectiveHealthCheck,
  adoption: ProbeAdoption,
  mode: ResolvedBackend["mode"],
): EffectiveHealthCheck {
  if (adoption.kind !== "adopted") return { ...base, probe: adoption };
  const { pod, container, probe } = adoption;
  const source: HealthCheckSource = { kind: "readiness-probe", pod, container };
  const path = probe.path ?? "";
  const delay = mode === "neg" ? 0 : INSTANCE_GROUP_INTERVAL_SEC;
  return {
    ...base,
    probe: adoption,
    path: { value: path.startsWith("/") ? path : `/${path}`, source },
    // An adopted probe has at most one header, and that is Host.
    host: { value: probe.headers[0]?.value ?? "", source },
    intervalSec: { value: probe.periodSeconds + delay, source },
    timeoutSec: { value: probe.timeoutSeconds, source },
  };
}

function withBackendConfig(
  base: EffectiveHealthCheck,
  { ref: object, healthCheck: override = {} }: BackendConfig,
): EffectiveHealthCheck {
  const pick = <T>(field: keyof BackendConfigHealthCheck, value: T | undefined, other: Sourced<T>) =>
    value === undefined
      ? other
      : { value, source: { kind: "backend-config", object, field: `spec.healthCheck.${field}` } as const };
  const port: HealthCheckPort | undefined =
    override.port === undefined ? undefined : { kind: "fixed", number: override.port };
  return {
    ...base,
    type: pick("type", override.type, base.type),
    port: pick("port", port, base.port),
    path: pick("requestPath", override.requestPath, base.path),
    intervalSec: pick("checkIntervalSec", override.checkIntervalSec, base.intervalSec),
    timeoutSec: pick("timeoutSec", override.timeoutSec, base.timeoutSec),
    healthyThreshold: pick("healthyThreshold", override.healthyThreshold, base.healthyThreshold),
    unhealthyThreshold: pick("unhealthyThreshold", override.unhealthyThreshold, base.unhealthyThreshold),
  };
}

const transparent = <T>(value: T): Sourced<T> => ({ value, source: { kind: "transparent" } });

/** Asks the node's own agent, which answers for the pod; same for every backend. */
const TRANSPARENT: EffectiveHealthCheck = {
  type: transparent("HTTP"),
  port: transparent<HealthCheckPort>({ kind: "fixed", number: 7877 }),
  path: transparent("/api/podhealth"),
  host: transparent(""),
  intervalSec: transparent(5),
  timeoutSec: transparent(5),
  healthyThreshold: transparent(1),
  unhealthyThreshold: transparent(10),
  probe: undefined,
};
