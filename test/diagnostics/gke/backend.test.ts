import { describe, expect, it } from "vitest";
import {
  type BackendRequest,
  backendKey,
  findServicePort,
  resolveBackend,
} from "../../../src/diagnostics/gke/backend.ts";
import { lookupIn } from "../../../src/diagnostics/gke/lookup.ts";
import { known } from "../../../src/model/observed.ts";
import { stringMap } from "../../../src/model/refs.ts";
import type { Service } from "../../../src/model/service.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { backendConfig, NAMESPACE, notRead, service, servicePort, snapshot } from "../../support/builders.ts";

const NEG = "cloud.google.com/neg";
const CONFIG = "cloud.google.com/backend-config";
const PROTOCOLS = "cloud.google.com/app-protocols";
const WITH_NEG = { [NEG]: '{"ingress":true}' };

function annotated(annotations: Readonly<Record<string, string>>, more: Partial<Service> = {}): Service {
  return service({ annotations: stringMap(annotations), ...more });
}

function resolve(
  given: Service | undefined,
  request: Partial<BackendRequest> = {},
  more: Partial<Snapshot> = {},
) {
  const services = known(given === undefined ? [] : [given]);
  const wanted = { namespace: NAMESPACE, service: "web", port: { number: 80 }, product: "external" } as const;
  const result = resolveBackend({ ...wanted, ...request }, lookupIn(snapshot({ services, ...more })));
  if (!result.known) throw new Error("unknown");
  return result.value;
}

describe("the Service", () => {
  it("has to exist in the Ingress's namespace", () => {
    expect(resolve(undefined)).toEqual({
      backend: undefined,
      error: { kind: "service-not-found", object: "shop/web" },
      undecided: [],
    });
    expect(resolve(service(), { namespace: "other" }).error).toEqual({
      kind: "service-not-found",
      object: "other/web",
    });
  });

  it("leaves everything open when it could not be read", () => {
    const unread = notRead("services");
    const request = {
      namespace: NAMESPACE,
      service: "web",
      port: { number: 80 },
      product: "external",
    } as const;
    expect(resolveBackend(request, lookupIn(snapshot({ services: unread })))).toBe(unread);
  });
});

describe("the port", () => {
  const ports = [
    servicePort({ name: "web", port: 80, targetPort: 8080, nodePort: 30080 }),
    servicePort({ name: "8080", port: 9000, targetPort: "admin" }),
    servicePort({ name: "late", port: 80, protocol: "UDP" }),
  ];

  it("is found by name, or else by its own number, the first one first", () => {
    const many = service({ ports });
    expect(findServicePort(many, { number: 80 })).toBe(ports[0]);
    expect(findServicePort(many, { number: 9000 })).toBe(ports[1]);
    expect(findServicePort(many, { name: "late" })).toBe(ports[2]);
    expect(findServicePort(many, { name: "web", number: 9000 })).toBe(ports[0]);
    expect(findServicePort(many, { name: "8080" })).toBe(ports[1]);
  });

  it("is not found by target port, node port or another spelling", () => {
    const many = service({ ports });
    for (const reference of [{ number: 8080 }, { number: 30080 }, { name: "admin" }, { name: "Web" }, {}]) {
      expect(findServicePort(many, reference)).toBeUndefined();
    }
    expect(findServicePort(many, { name: "gone", number: 80 })).toBeUndefined();
  });

  it("has to exist", () => {
    expect(resolve(service(), { port: { name: "htpp" } })).toEqual({
      backend: undefined,
      error: { kind: "service-port-not-found", object: "shop/web", port: { name: "htpp" } },
      undecided: [],
    });
  });

  it("is missed before the type is looked at", () => {
    expect(resolve(annotated({}), { port: { number: 1 } }).error?.kind).toBe("service-port-not-found");
  });
});

describe("the type", () => {
  it.each(["ClusterIP", "ExternalName"])("%s needs the NEG annotation", (type) => {
    expect(resolve(annotated({}, { type }))).toEqual({
      backend: undefined,
      error: { kind: "service-type", object: "shop/web", type },
      undecided: [],
    });
    expect(resolve(annotated(WITH_NEG, { type }))).toMatchObject({
      backend: { mode: "neg", negForced: false },
      error: undefined,
    });
  });

  it.each(["NodePort", "LoadBalancer"])("%s works without it, by instance groups", (type) => {
    expect(resolve(annotated({}, { type }))).toMatchObject({
      backend: { mode: "instance-group", negForced: false },
      error: undefined,
    });
    expect(resolve(annotated(WITH_NEG, { type })).backend?.mode).toBe("neg");
  });

  it.each(["{}", '{"ingress":false}', "{ingress: true}", '{"ingress":"true"}', ""])(
    "ClusterIP with the NEG annotation %s fails like one without it",
    (raw) => {
      expect(resolve(annotated({ [NEG]: raw })).error?.kind).toBe("service-type");
      expect(resolve(annotated({ [NEG]: raw }, { type: "NodePort" })).backend?.mode).toBe("instance-group");
    },
  );

  it.each(["internal", "regional-external"] as const)("is checked before %s forces NEGs", (product) => {
    expect(resolve(annotated({}), { product }).error?.kind).toBe("service-type");
    expect(resolve(annotated({}, { type: "NodePort" }), { product })).toMatchObject({
      backend: { mode: "neg", negForced: true },
      error: undefined,
    });
    expect(resolve(annotated(WITH_NEG), { product }).backend).toMatchObject({
      mode: "neg",
      negForced: false,
    });
  });

  it("is wrong before the protocol is looked at", () => {
    expect(resolve(annotated({ [PROTOCOLS]: "{" })).error?.kind).toBe("service-type");
  });

  it("shows the NEG annotation as it was read", () => {
    expect(resolve(annotated(WITH_NEG)).backend?.negAnnotation).toMatchObject({
      kind: "valid",
      value: { ingress: true },
    });
    expect(resolve(annotated({}, { type: "NodePort" })).backend?.negAnnotation).toEqual({ kind: "absent" });
  });
});

describe("the protocol", () => {
  const withProtocols = (raw: string) => resolve(annotated({ ...WITH_NEG, [PROTOCOLS]: raw }));

  it("is HTTP unless the annotation names this port", () => {
    expect(resolve(service()).backend).toMatchObject({ protocol: "HTTP", protocolAnnotation: undefined });
    expect(withProtocols('{"http":"HTTPS"}').backend).toMatchObject({
      protocol: "HTTPS",
      protocolAnnotation: PROTOCOLS,
    });
    expect(withProtocols('{"80":"HTTPS"}').backend).toMatchObject({
      protocol: "HTTP",
      protocolAnnotation: undefined,
    });
    expect(withProtocols('{"http":"HTTP"}').backend?.protocolAnnotation).toBe(PROTOCOLS);
  });

  it("does not come from the field appProtocol", () => {
    const ports = [servicePort({ appProtocol: "HTTPS" })];
    expect(resolve(service({ ports })).backend?.protocol).toBe("HTTP");
  });

  it("that cannot be read is an error which keeps the backend", () => {
    expect(withProtocols('{"other":"GRPC"}')).toMatchObject({
      backend: { mode: "neg", protocol: "HTTP", protocolAnnotation: undefined },
      error: {
        kind: "app-protocols",
        object: "shop/web",
        annotation: PROTOCOLS,
        reason: '"GRPC" is none of HTTP, HTTPS, HTTP2',
      },
      undecided: [],
    });
  });

  it("is wrong before the BackendConfig is looked at", () => {
    const both = annotated({ ...WITH_NEG, [PROTOCOLS]: "{", [CONFIG]: '{"default":"gone"}' });
    expect(resolve(both).error?.kind).toBe("app-protocols");
    const unread = notRead("backendConfigs");
    expect(resolve(both, {}, { backendConfigs: unread })).toMatchObject({
      error: { kind: "app-protocols" },
      undecided: [],
    });
  });
});

describe("the BackendConfig", () => {
  const withConfig = (raw: string, more: Partial<Snapshot> = {}) =>
    resolve(annotated({ ...WITH_NEG, [CONFIG]: raw }), {}, more);
  const web = backendConfig();

  it("is none without the annotation", () => {
    expect(resolve(service()).backend?.backendConfig).toEqual({ kind: "none" });
  });

  it("is chosen by an entry of the annotation", () => {
    expect(withConfig('{"ports":{"http":"web-bc"}}', { backendConfigs: known([web]) })).toMatchObject({
      backend: {
        backendConfig: {
          kind: "chosen",
          annotation: CONFIG,
          entry: { by: "port-name", key: "http", name: "web-bc" },
          config: web,
          problems: [],
          undecided: [],
        },
      },
      error: undefined,
      undecided: [],
    });
  });

  it.each(['{"ports":{"8080":"web-bc"}}', '{"ports":{"http":""},"default":"web-bc"}'])(
    "is silently none with %s",
    (raw) => {
      const { backend, error } = withConfig(raw, { backendConfigs: known([web]) });
      expect(error).toBeUndefined();
      expect(backend?.backendConfig).toMatchObject({ kind: "unmatched", annotation: CONFIG });
    },
  );

  it("shows the entries that did not match", () => {
    expect(withConfig('{"ports":{"8080":"web-bc"}}').backend?.backendConfig).toEqual({
      kind: "unmatched",
      annotation: CONFIG,
      names: { default: "", ports: new Map([["8080", "web-bc"]]) },
    });
  });

  it("is looked for beside the Service", () => {
    const elsewhere = backendConfig({ ref: { ...web.ref, namespace: "other" } });
    expect(withConfig('{"default":"web-bc"}', { backendConfigs: known([elsewhere]) })).toMatchObject({
      backend: {
        backendConfig: { kind: "missing", annotation: CONFIG, entry: { by: "default", name: "web-bc" } },
      },
      error: {
        kind: "backend-config",
        object: "shop/web",
        problem: { kind: "missing", annotation: CONFIG, name: "web-bc" },
      },
    });
  });

  it.each([
    ['{"default":bc1}', "invalid", "annotation-invalid"],
    ["", "invalid", "annotation-invalid"],
    ["{}", "empty", "annotation-empty"],
    ['{"ports":{}}', "empty", "annotation-empty"],
  ])("annotation %j is %s, an error which keeps the backend", (raw, kind, problem) => {
    expect(withConfig(raw)).toMatchObject({
      backend: { mode: "neg", backendConfig: { kind, annotation: CONFIG } },
      error: { kind: "backend-config", object: "shop/web", problem: { kind: problem, annotation: CONFIG } },
      undecided: [],
    });
  });

  it("tells why the annotation cannot be read", () => {
    expect(withConfig('{"default":bc1}')).toMatchObject({
      backend: { backendConfig: { error: { repaired: '{"default":"bc1"}' } } },
      error: { problem: { reason: 'a value was expected, and "b" stands there' } },
    });
  });

  it("with a bad spec is blamed itself, for its first problem", () => {
    const bad = backendConfig({ sessionAffinity: { type: "X", cookieTtlSec: -1 } });
    const first = { kind: "affinity-type", field: "spec.sessionAffinity.affinityType", value: "X" };
    expect(withConfig('{"default":"web-bc"}', { backendConfigs: known([bad]) })).toMatchObject({
      backend: { backendConfig: { kind: "chosen", config: bad } },
      error: {
        kind: "backend-config",
        object: "shop/web-bc",
        problem: { kind: "invalid-spec", name: "web-bc", first },
      },
      undecided: [],
    });
  });

  it("is checked for the product of the Ingress", () => {
    const cached = backendConfig({ cdn: { enabled: true, signedUrlSecrets: [] } });
    const given = annotated({ ...WITH_NEG, [CONFIG]: '{"default":"web-bc"}' });
    const backendConfigs = known([cached]);
    expect(resolve(given, { product: "regional-external" }, { backendConfigs }).error?.kind).toBe(
      "backend-config",
    );
    expect(resolve(given, { product: "external" }, { backendConfigs }).error).toBeUndefined();
  });

  it("that could not be read leaves open whether there is an error", () => {
    const unread = notRead("backendConfigs");
    expect(withConfig('{"default":"web-bc"}', { backendConfigs: unread })).toMatchObject({
      backend: { mode: "neg", backendConfig: { kind: "unread", missing: unread, entry: { name: "web-bc" } } },
      error: undefined,
      undecided: [unread],
    });
    expect(withConfig("{}", { backendConfigs: unread }).undecided).toEqual([]);
  });

  it("whose Secret could not be read leaves it open, unless it is wrong anyway", () => {
    const secrets = notRead("secrets");
    const iap = { iap: { enabled: true, secretName: "iap" } };
    const open = { backendConfigs: known([backendConfig(iap)]), secrets };
    expect(withConfig('{"default":"web-bc"}', open)).toMatchObject({
      error: undefined,
      undecided: [secrets],
    });
    const wrong = { backendConfigs: known([backendConfig({ ...iap, logging: { sampleRate: 2 } })]), secrets };
    expect(withConfig('{"default":"web-bc"}', wrong)).toMatchObject({
      error: { kind: "backend-config" },
      undecided: [],
    });
  });
});

describe("the key of a backend", () => {
  it("tells ports by how the Ingress names them", () => {
    expect(backendKey("shop", "web", { number: 80 })).toBe("shop/web:80");
    expect(backendKey("shop", "web", { name: "http", number: 80 })).toBe("shop/web:http");
    expect(backendKey("shop", "web", {})).toBe("shop/web:0");
  });
});
