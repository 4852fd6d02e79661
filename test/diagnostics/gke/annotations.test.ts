import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Parsed, parseJsonAnnotation } from "../../../src/diagnostics/gke/annotation-value.ts";
import { annotatedProtocol, parseAppProtocols } from "../../../src/diagnostics/gke/app-protocols.ts";
import {
  backendConfigEntry,
  parseBackendConfigNames,
} from "../../../src/diagnostics/gke/backend-config-annotation.ts";
import { parseGoBool } from "../../../src/diagnostics/gke/go-bool.ts";
import { goBoolean } from "../../../src/diagnostics/gke/go-decode.ts";
import { parseNegAnnotation, parseNegStatus } from "../../../src/diagnostics/gke/neg-annotation.ts";
import { parseTransparentHealthCheck } from "../../../src/diagnostics/gke/transparent-health-check.ts";
import { stringMap } from "../../../src/model/refs.ts";
import type { Service } from "../../../src/model/service.ts";
import { service, servicePort } from "../../support/builders.ts";

const NEG = "cloud.google.com/neg";
const NEG_STATUS = "cloud.google.com/neg-status";
const CONFIG = "cloud.google.com/backend-config";
const BETA_CONFIG = "beta.cloud.google.com/backend-config";
const PROTOCOLS = "cloud.google.com/app-protocols";
const ALPHA_PROTOCOLS = "service.alpha.kubernetes.io/app-protocols";
const THC = "networking.gke.io/transparent-health-checker";

function annotated(annotations: Readonly<Record<string, string>>): Service {
  return service({ annotations: stringMap(annotations) });
}

function readable<T>(parsed: Parsed<T>): T {
  if (parsed.kind !== "valid") throw new Error(parsed.kind);
  return parsed.value;
}

describe("a JSON annotation", () => {
  const parse = (annotations: Readonly<Record<string, string>>) =>
    parseJsonAnnotation(stringMap(annotations), {
      keys: ["first", "second"],
      decode: goBoolean,
      zero: false,
    });

  it("is absent when none of its keys is there", () => {
    expect(parse({ third: "true" })).toEqual({ kind: "absent" });
  });

  it("is read from the first key that is there, even if that one is invalid", () => {
    expect(parse({ first: "true", second: "false" })).toEqual({
      kind: "valid",
      key: "first",
      raw: "true",
      value: true,
    });
    expect(parse({ second: "false" })).toMatchObject({ key: "second", value: false });
    expect(parse({ first: "", second: "true" })).toEqual({
      kind: "invalid",
      key: "first",
      raw: "",
      at: 0,
      reason: "a value was expected, and its end stands there",
    });
  });

  it("comes with the text that was meant, if GKE could read that", () => {
    expect(parse({ first: "True" })).toMatchObject({ kind: "invalid", raw: "True", repaired: "true" });
    expect(parse({ first: "'yes'" })).not.toHaveProperty("repaired");
  });
});

describe("cloud.google.com/neg", () => {
  it.each([
    ['{"ingress":true}', true],
    ['{"Ingress": TRUE}'.replace("TRUE", "true"), true],
    ['{"ingress":false}', false],
    ["{}", false],
    ["null", false],
    ['{"ingress":null}', false],
    ['{"exposed_ports":{"80":{}}}', false],
    ['{"ingress":true,"something":[1]}', true],
  ])("%s asks for NEGs: %s", (raw, ingress) => {
    expect(readable(parseNegAnnotation(annotated({ [NEG]: raw }))).ingress).toBe(ingress);
  });

  it("lists exposed ports with their names, and zones", () => {
    const raw =
      '{"Exposed_Ports":{"80":{"name":"web"},"443":{},"90":{"NAME":"x","a":1},"91":null},"zones":["*",null]}';
    expect(readable(parseNegAnnotation(annotated({ [NEG]: raw })))).toEqual({
      ingress: false,
      exposedPorts: new Map([
        [80, "web"],
        [443, ""],
        [90, "x"],
        [91, ""],
      ]),
      zones: ["*", ""],
    });
  });

  it.each([
    ["", undefined],
    ["true", undefined],
    ['{"ingress":"true"}', '{"ingress":true}'],
    ["{ingress: true}", '{"ingress":true}'],
    ['{"ingress":1}', undefined],
    ['{"exposed_ports":{"http":{}}}', undefined],
    ['{"exposed_ports":{"80":{"name":1}}}', undefined],
    ['{"zones":"*"}', undefined],
  ])("%s is invalid, and %j was meant", (raw, repaired) => {
    const parsed = parseNegAnnotation(annotated({ [NEG]: raw }));
    expect(parsed).toMatchObject({ kind: "invalid", key: NEG, raw });
    expect(parsed.kind === "invalid" ? parsed.repaired : undefined).toBe(repaired);
  });

  it("is absent on a Service without annotations", () => {
    expect(parseNegAnnotation(annotated({}))).toEqual({ kind: "absent" });
  });
});

describe("cloud.google.com/neg-status", () => {
  it("gives the NEG of each port, and the zones", () => {
    const raw = '{"network_endpoint_groups":{"80":"k8s1-a","81":null},"zones":["us-central1-a",null]}';
    expect(readable(parseNegStatus(annotated({ [NEG_STATUS]: raw })))).toEqual({
      negs: new Map([
        ["80", "k8s1-a"],
        ["81", ""],
      ]),
      zones: ["us-central1-a", ""],
    });
    expect(readable(parseNegStatus(annotated({ [NEG_STATUS]: "{}" })))).toEqual({
      negs: new Map(),
      zones: [],
    });
    expect(parseNegStatus(annotated({ [NEG]: raw })).kind).toBe("absent");
    expect(parseNegStatus(annotated({ [NEG_STATUS]: "[]" })).kind).toBe("invalid");
  });
});

describe("app-protocols", () => {
  it("gives each port name its protocol", () => {
    const parsed = parseAppProtocols(annotated({ [PROTOCOLS]: '{"a":"HTTP","b":"HTTPS","c":"HTTP2"}' }));
    expect(readable(parsed)).toEqual(
      new Map([
        ["a", "HTTP"],
        ["b", "HTTPS"],
        ["c", "HTTP2"],
      ]),
    );
    expect(annotatedProtocol(parsed, servicePort({ name: "b" }))).toBe("HTTPS");
    expect(annotatedProtocol(parsed, servicePort({ name: "B" }))).toBeUndefined();
  });

  it("is looked up by name only, an unnamed port under the empty name", () => {
    const parsed = parseAppProtocols(annotated({ [PROTOCOLS]: '{"443":"HTTPS","":"HTTP2"}' }));
    expect(annotatedProtocol(parsed, servicePort({ name: "https", port: 443 }))).toBeUndefined();
    expect(annotatedProtocol(parsed, { port: 443, protocol: "TCP", targetPort: 443 })).toBe("HTTP2");
  });

  it("prefers the alpha key, even an invalid one", () => {
    const both = { [ALPHA_PROTOCOLS]: '{"http":"HTTPS"}', [PROTOCOLS]: '{"http":"HTTP2"}' };
    expect(annotatedProtocol(parseAppProtocols(annotated(both)), servicePort())).toBe("HTTPS");
    const parsed = parseAppProtocols(annotated({ ...both, [ALPHA_PROTOCOLS]: "" }));
    expect(parsed).toMatchObject({ kind: "invalid", key: ALPHA_PROTOCOLS });
    expect(annotatedProtocol(parsed, servicePort())).toBeUndefined();
  });

  it.each([
    ['{"http":"GRPC"}', 8, '"GRPC" is none of HTTP, HTTPS, HTTP2'],
    ['{"http":"HTTP","other":"https"}', 23, '"https" is none of HTTP, HTTPS, HTTP2'],
    ['{"http":null}', 8, '"" is none of HTTP, HTTPS, HTTP2'],
    ['{"http":["HTTP"]}', 8, "a text was expected, and a list stands there"],
    ['["HTTP"]', 0, "an object in braces was expected, and a list stands there"],
  ])("%s is invalid at %i: %s", (raw, at, reason) => {
    expect(parseAppProtocols(annotated({ [PROTOCOLS]: raw }))).toEqual({
      kind: "invalid",
      key: PROTOCOLS,
      raw,
      at,
      reason,
    });
  });

  it("is repaired only to what GKE takes", () => {
    const parse = (raw: string) => parseAppProtocols(annotated({ [PROTOCOLS]: raw }));
    expect(parse('{"http":HTTPS}')).toMatchObject({ repaired: '{"http":"HTTPS"}' });
    expect(parse('{"http":GRPC}')).not.toHaveProperty("repaired");
  });

  it("says nothing about a Service without it", () => {
    expect(annotatedProtocol(parseAppProtocols(annotated({})), servicePort())).toBeUndefined();
  });
});

describe("backend-config", () => {
  it("has a default and ports", () => {
    const raw = '{"Default":"a","PORTS":{"http":"b","80":null}}';
    expect(parseBackendConfigNames(annotated({ [CONFIG]: raw }))).toEqual({
      kind: "valid",
      key: CONFIG,
      raw,
      value: {
        default: "a",
        ports: new Map([
          ["http", "b"],
          ["80", ""],
        ]),
      },
    });
  });

  it("is empty, but valid, without either", () => {
    expect(readable(parseBackendConfigNames(annotated({ [CONFIG]: '{"port":{}}' })))).toEqual({
      default: "",
      ports: new Map(),
    });
  });

  it("falls back to the beta key only when the other is absent", () => {
    const beta = { [BETA_CONFIG]: '{"default":"beta"}' };
    expect(parseBackendConfigNames(annotated(beta))).toMatchObject({ key: BETA_CONFIG });
    expect(parseBackendConfigNames(annotated({ ...beta, [CONFIG]: "" }))).toMatchObject({
      kind: "invalid",
      key: CONFIG,
    });
  });

  it.each(['{"default":bc1}', '{"default":1}', '{"ports":{"http":{}}}', '{"ports":[]}', "[]"])(
    "%s is invalid",
    (raw) => {
      expect(parseBackendConfigNames(annotated({ [CONFIG]: raw })).kind).toBe("invalid");
    },
  );

  const names = (ports: Readonly<Record<string, string>>, fallback = "") => ({
    default: fallback,
    ports: new Map(Object.entries(ports)),
  });
  const unnamed = { port: 80, protocol: "TCP", targetPort: 80 };

  it.each([
    [names({ "80": "n", http: "p" }, "d"), servicePort(), { by: "port-name", key: "http", name: "p" }],
    [names({ "80": "n" }, "d"), servicePort(), { by: "port-number", key: "80", name: "n" }],
    [names({ "8080": "n" }, "d"), servicePort(), { by: "default", key: "default", name: "d" }],
    [names({ http: "" }, "d"), servicePort(), { by: "port-name", key: "http", name: "" }],
    [names({ "": "e", "80": "n" }), unnamed, { by: "port-name", key: "", name: "e" }],
  ] as const)("is chosen by name, then number, then default (%#)", (given, port, entry) => {
    expect(backendConfigEntry(given, port)).toEqual(entry);
  });

  it("has no entry for a port that it does not mention, by target port least of all", () => {
    expect(backendConfigEntry(names({ "8080": "x", HTTP: "x" }), servicePort())).toBeUndefined();
  });
});

describe("transparent health checks", () => {
  it.each([
    ['{"enabled":true}', true],
    ['{"ENABLED":true}', true],
    ['{"enabled":false}', false],
    ["{}", false],
  ])("%s: %s", (raw, enabled) => {
    expect(readable(parseTransparentHealthCheck(annotated({ [THC]: raw })))).toEqual({ enabled });
  });

  it("are not asked for by a text that is no JSON", () => {
    expect(parseTransparentHealthCheck(annotated({ [THC]: "true" })).kind).toBe("invalid");
    expect(parseTransparentHealthCheck(annotated({})).kind).toBe("absent");
  });
});

describe("Go booleans", () => {
  it.each(["1", "t", "T", "TRUE", "true", "True"])("%s is true", (text) => {
    expect(parseGoBool(text)).toBe(true);
  });

  it.each(["0", "f", "F", "FALSE", "false", "False"])("%s is false", (text) => {
    expect(parseGoBool(text)).toBe(false);
  });

  it.each(["", "yes", "no", "off", "tRUE", " true", "10"])("%j is neither", (text) => {
    expect(parseGoBool(text)).toBeUndefined();
  });
});

describe("any text", () => {
  const parsers = [
    [NEG, parseNegAnnotation],
    [NEG_STATUS, parseNegStatus],
    [CONFIG, parseBackendConfigNames],
    [PROTOCOLS, parseAppProtocols],
    [THC, parseTransparentHealthCheck],
  ] as const;

  it.each(parsers)("in %s is valid or invalid, and what is offered instead is valid", (key, parse) => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json({ maxDepth: 4 }),
      fc.constant("{ingress:true}"),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const parsed = parse(annotated({ [key]: raw }));
        if (parsed.kind === "valid") return;
        if (parsed.kind === "absent") throw new Error("the annotation is there");
        expect(parsed.at).toBeLessThanOrEqual(raw.length);
        if (parsed.repaired === undefined) return;
        expect(parse(annotated({ [key]: parsed.repaired })).kind).toBe("valid");
      }),
    );
  });
});
