import { describe, expect, it } from "vitest";
import { type ResolvedBackend, resolveBackend } from "../../../src/diagnostics/gke/backend.ts";
import {
  type EffectiveHealthCheck,
  effectiveHealthCheck,
} from "../../../src/diagnostics/gke/health-check.ts";
import { lookupIn } from "../../../src/diagnostics/gke/lookup.ts";
import type { BackendConfig } from "../../../src/model/gke-config.ts";
import { known, type Observed } from "../../../src/model/observed.ts";
import type { Pod } from "../../../src/model/pod.ts";
import { stringMap } from "../../../src/model/refs.ts";
import type { Service } from "../../../src/model/service.ts";
import {
  backendConfig,
  container,
  httpProbe,
  notRead,
  pod,
  service,
  servicePort,
  snapshot,
  systemDefaultBackend,
} from "../../support/builders.ts";

const NEG = { "cloud.google.com/neg": '{"ingress":true}' };
const CONFIG = { "cloud.google.com/backend-config": '{"default":"web-bc"}' };
const THC = { "networking.gke.io/transparent-health-checker": '{"enabled":true}' };

function annotated(annotations: Readonly<Record<string, string>>, more: Partial<Service> = {}): Service {
  return service({ annotations: stringMap(annotations), ...more });
}

function resolved(given: Service, configs: Observed<readonly BackendConfig[]> = known([])): ResolvedBackend {
  const objects = snapshot({
    services: known([given]),
    systemDefaultBackend: known(given),
    backendConfigs: configs,
  });
  const { namespace, name } = given.ref;
  const port = { number: given.ports[0]?.port ?? 0 };
  const request = { namespace, service: name, port, product: "external" } as const;
  const resolution = resolveBackend(request, lookupIn(objects));
  if (!resolution.known || resolution.value.backend === undefined) throw new Error("not resolved");
  return resolution.value.backend;
}

function check(
  given: Service,
  config?: Partial<BackendConfig>,
  pods: Observed<readonly Pod[]> = known([]),
): EffectiveHealthCheck {
  const configs = known(config === undefined ? [] : [backendConfig(config)]);
  const result = effectiveHealthCheck(resolved(given, configs), pods);
  if (!result.known) throw new Error("unknown");
  return result.value;
}

/** Values of every setting, in reading order. */
function values(from: EffectiveHealthCheck) {
  const { type, port, path, host, intervalSec, timeoutSec, healthyThreshold, unhealthyThreshold } = from;
  const settings = [type, port, path, host, intervalSec, timeoutSec, healthyThreshold, unhealthyThreshold];
  return settings.map(({ value }) => value);
}

/** Kind of the source of every setting. */
function sources({ probe: _, ...settings }: EffectiveHealthCheck) {
  return Object.fromEntries(Object.entries(settings).map(([name, { source }]) => [name, source.kind]));
}

const nodePortService = annotated({}, { type: "NodePort", ports: [servicePort({ nodePort: 30080 })] });
const SERVING = { kind: "serving" };

describe("defaults", () => {
  it("of a NEG", () => {
    const given = check(annotated(NEG));
    expect(values(given)).toEqual(["HTTP", SERVING, "/", "", 15, 15, 1, 2]);
    expect([...new Set(Object.values(sources(given)))]).toEqual(["default"]);
    expect(given.probe).toEqual({ kind: "no-pods" });
  });

  it("of an instance group", () => {
    const port = { kind: "node-port", number: 30080 };
    expect(values(check(nodePortService))).toEqual(["HTTP", port, "/", "", 60, 60, 1, 10]);
  });

  it("of an instance group without a node port, which Google cannot ask", () => {
    const without = annotated({}, { type: "LoadBalancer" });
    expect(check(without).port.value).toEqual({ kind: "node-port", number: undefined });
  });

  it.each(["HTTPS", "HTTP2"])("follow the protocol %s", (protocol) => {
    const raw = JSON.stringify({ http: protocol });
    expect(check(annotated({ ...NEG, "cloud.google.com/app-protocols": raw })).type.value).toBe(protocol);
  });

  it("ask the system default backend at /healthz", () => {
    expect(check(systemDefaultBackend()).path).toEqual({ value: "/healthz", source: { kind: "default" } });
    const namesake = systemDefaultBackend({ ref: { ...systemDefaultBackend().ref, namespace: "shop" } });
    const objects = snapshot({ services: known([namesake]) });
    const request = { namespace: "shop", service: "default-http-backend", port: { number: 80 } };
    const resolution = resolveBackend({ ...request, product: "external" }, lookupIn(objects));
    const backend = resolution.known ? resolution.value.backend : undefined;
    if (backend === undefined) throw new Error("not resolved");
    expect(effectiveHealthCheck(backend, known([]))).toMatchObject({ value: { path: { value: "/" } } });
  });
});

describe("a readiness probe", () => {
  const probe = httpProbe({
    path: "/ready",
    headers: [{ name: "Host", value: "shop.example.com" }],
    timeoutSeconds: 3,
    periodSeconds: 7,
  });
  const probing = (changes: Partial<typeof probe> = {}) =>
    known([pod(1, { containers: [container({ readinessProbe: { ...probe, ...changes } })] })]);
  const adopted = { kind: "readiness-probe", pod: "web-1", container: "app" };

  it("gives path, host and times, and nothing else", () => {
    const given = check(annotated(NEG), undefined, probing());
    expect(values(given)).toEqual(["HTTP", SERVING, "/ready", "shop.example.com", 7, 3, 1, 2]);
    expect(sources(given)).toEqual({
      type: "default",
      port: "default",
      path: "readiness-probe",
      host: "readiness-probe",
      intervalSec: "readiness-probe",
      timeoutSec: "readiness-probe",
      healthyThreshold: "default",
      unhealthyThreshold: "default",
    });
    expect(given.path.source).toEqual(adopted);
    expect(given.probe).toMatchObject({ kind: "adopted", pod: "web-1" });
  });

  it("is asked a minute less often through instance groups", () => {
    const given = check(nodePortService, undefined, probing());
    expect([given.intervalSec.value, given.timeoutSec.value]).toEqual([67, 3]);
  });

  it.each([
    ["ready", "/ready"],
    ["/", "/"],
    ["", "/"],
  ])("with path %j is asked at %s", (path, asked) => {
    expect(check(annotated(NEG), undefined, probing({ path })).path.value).toBe(asked);
  });

  it("without path or header is asked at / under the endpoint's address", () => {
    const { path, ...bare } = httpProbe();
    expect(path).toBe("/");
    const pods = known([pod(1, { containers: [container({ readinessProbe: bare })] })]);
    const given = check(annotated(NEG), undefined, pods);
    expect([given.path.value, given.host.value]).toEqual(["/", ""]);
    expect(given.path.source.kind).toBe("readiness-probe");
  });

  it("that is refused changes nothing, and is told", () => {
    const given = check(annotated(NEG), undefined, probing({ port: 1 }));
    expect(values(given)).toEqual(["HTTP", SERVING, "/", "", 15, 15, 1, 2]);
    expect(given.probe).toMatchObject({ kind: "refused", mismatch: { condition: "probe-port-differs" } });
  });

  it("gives way to a BackendConfig, field by field", () => {
    const given = check(annotated({ ...NEG, ...CONFIG }), { healthCheck: { requestPath: "/hc" } }, probing());
    expect(values(given)).toEqual(["HTTP", SERVING, "/hc", "shop.example.com", 7, 3, 1, 2]);
    expect(given.probe).toMatchObject({ kind: "adopted" });
  });
});

describe("a BackendConfig", () => {
  it("overrides what it sets, and names its field", () => {
    const healthCheck = {
      checkIntervalSec: 20,
      timeoutSec: 10,
      healthyThreshold: 3,
      unhealthyThreshold: 4,
      type: "HTTPS",
      requestPath: "/hc",
      port: 9000,
    };
    const given = check(annotated({ ...NEG, ...CONFIG }), { healthCheck });
    expect(values(given)).toEqual(["HTTPS", { kind: "fixed", number: 9000 }, "/hc", "", 20, 10, 3, 4]);
    const object = backendConfig().ref;
    const fields = Object.entries(given).flatMap(([name, setting]) =>
      name === "probe" || setting.source.kind !== "backend-config" ? [] : [[name, setting.source]],
    );
    expect(Object.fromEntries(fields)).toEqual({
      type: { kind: "backend-config", object, field: "spec.healthCheck.type" },
      port: { kind: "backend-config", object, field: "spec.healthCheck.port" },
      path: { kind: "backend-config", object, field: "spec.healthCheck.requestPath" },
      intervalSec: { kind: "backend-config", object, field: "spec.healthCheck.checkIntervalSec" },
      timeoutSec: { kind: "backend-config", object, field: "spec.healthCheck.timeoutSec" },
      healthyThreshold: { kind: "backend-config", object, field: "spec.healthCheck.healthyThreshold" },
      unhealthyThreshold: { kind: "backend-config", object, field: "spec.healthCheck.unhealthyThreshold" },
    });
  });

  it("leaves alone what it does not set, and counts zero and the empty text as set", () => {
    const given = check(annotated({ ...NEG, ...CONFIG }), { healthCheck: { timeoutSec: 0, type: "" } });
    expect(values(given)).toEqual(["", SERVING, "/", "", 15, 0, 1, 2]);
  });

  it("fixes the port of an instance group, too", () => {
    const given = check(annotated(CONFIG, { type: "NodePort", ports: [servicePort({ nodePort: 30080 })] }), {
      healthCheck: { port: 9000 },
    });
    expect(given.port.value).toEqual({ kind: "fixed", number: 9000 });
  });

  it.each([{}, { healthCheck: {} }])("without settings changes nothing: %j", (config) => {
    expect(values(check(annotated({ ...NEG, ...CONFIG }), config))).toEqual([
      "HTTP",
      SERVING,
      "/",
      "",
      15,
      15,
      1,
      2,
    ]);
  });

  it("that is missing changes nothing", () => {
    expect(check(annotated({ ...NEG, ...CONFIG })).path.value).toBe("/");
  });

  it("that could not be read leaves the health check unknown", () => {
    const unread = notRead("backendConfigs");
    const backend = resolved(annotated({ ...NEG, ...CONFIG }), unread);
    expect(effectiveHealthCheck(backend, known([]))).toBe(unread);
  });
});

describe("pods that could not be read", () => {
  it("leave the health check unknown", () => {
    const unread = notRead("pods");
    expect(effectiveHealthCheck(resolved(annotated(NEG)), unread)).toBe(unread);
  });
});

describe("transparent health checks", () => {
  const on = { transparentHealthChecks: true };
  const asked = annotated({ ...NEG, ...THC });

  it("replace everything and ask no pod", () => {
    const result = effectiveHealthCheck(resolved(asked), notRead("pods"), on);
    if (!result.known) throw new Error("unknown");
    expect(values(result.value)).toEqual([
      "HTTP",
      { kind: "fixed", number: 7877 },
      "/api/podhealth",
      "",
      5,
      5,
      1,
      10,
    ]);
    expect([...new Set(Object.values(sources(result.value)))]).toEqual(["transparent"]);
    expect(result.value.probe).toBeUndefined();
  });

  it.each([
    ["the cluster does not have them", asked, { transparentHealthChecks: false }],
    ["the Service does not ask", annotated(NEG), on],
    [
      "the Service asks not to",
      annotated({ ...NEG, "networking.gke.io/transparent-health-checker": '{"enabled":false}' }),
      on,
    ],
    [
      "the annotation cannot be read",
      annotated({ ...NEG, "networking.gke.io/transparent-health-checker": "yes" }),
      on,
    ],
    ["the backend is an instance group", annotated(THC, { type: "NodePort" }), on],
  ])("are not used when %s", (_, given, features) => {
    const result = effectiveHealthCheck(resolved(given), known([]), features);
    expect(result).toMatchObject({ value: { path: { value: "/", source: { kind: "default" } } } });
  });

  it("are off where nothing is said about the cluster", () => {
    expect(check(asked).path.value).toBe("/");
  });

  it("give way to a BackendConfig with a health check, and to no other", () => {
    const given = annotated({ ...NEG, ...THC, ...CONFIG });
    const path = (config: Partial<BackendConfig>) => {
      const result = effectiveHealthCheck(resolved(given, known([backendConfig(config)])), known([]), on);
      return result.known ? result.value.path.value : undefined;
    };
    expect(path({ healthCheck: {} })).toBe("/");
    expect(path({ timeoutSec: 5 })).toBe("/api/podhealth");
  });
});
