import { describe, expect, it } from "vitest";
import type { AppProtocol } from "../../../src/diagnostics/gke/app-protocols.ts";
import { adoptReadinessProbe } from "../../../src/diagnostics/gke/readiness-probe.ts";
import { known } from "../../../src/model/observed.ts";
import type { Container, Pod, Probe } from "../../../src/model/pod.ts";
import { stringMap } from "../../../src/model/refs.ts";
import type { Service } from "../../../src/model/service.ts";
import { container, httpProbe, notRead, pod, ref, service, servicePort } from "../../support/builders.ts";

interface Given {
  readonly pods: readonly Pod[];
  readonly service?: Service;
  readonly targetPort?: number | string;
  readonly protocol?: AppProtocol;
}

function adopt({ pods, service: given = service(), targetPort = 8080, protocol = "HTTP" }: Given) {
  const result = adoptReadinessProbe(given, servicePort({ targetPort }), protocol, known(pods));
  return result.known ? result.value : undefined;
}

const withContainers = (...containers: readonly Container[]) => pod(1, { containers });

/** Adoption of one container with this probe. */
function adoptProbe(probe: Probe, more: Partial<Given> & { readonly ports?: Container["ports"] } = {}) {
  const given = container({ readinessProbe: probe, ...(more.ports && { ports: more.ports }) });
  return adopt({ ...more, pods: [withContainers(given)] });
}

const ADOPTED = { kind: "adopted", pod: "web-1", container: "app" };

describe("a probe that is adopted", () => {
  it.each<[string, Probe, Partial<Given>]>([
    ["by number", httpProbe(), {}],
    ["by name, where the Service uses a number", httpProbe({ port: "http" }), {}],
    ["by name on both sides", httpProbe({ port: "http" }), { targetPort: "http" }],
    ["by number, where the Service uses a name", httpProbe(), { targetPort: "http" }],
    ["with a Host header", httpProbe({ headers: [{ name: "Host", value: "x" }] }), {}],
    ["with an empty host", httpProbe({ host: "" }), {}],
    ["by HTTPS for HTTPS", httpProbe({ scheme: "HTTPS" }), { protocol: "HTTPS" }],
    ["by HTTPS for HTTP2", httpProbe({ scheme: "HTTPS" }), { protocol: "HTTP2" }],
  ])("%s", (_, probe, more) => {
    expect(adoptProbe(probe, more)).toEqual({ ...ADOPTED, probe });
  });

  it("has the scheme HTTP when it names none", () => {
    const { scheme, ...bare } = httpProbe();
    expect(scheme).toBe("HTTP");
    expect(adoptProbe(bare)?.kind).toBe("adopted");
  });

  it("is on any of several declared ports that the Service means", () => {
    const ports = [
      { name: "a", containerPort: 8080, protocol: "UDP" },
      { name: "b", containerPort: 8080, protocol: "TCP" },
      { name: "b", containerPort: 9090, protocol: "TCP" },
    ];
    expect(adoptProbe(httpProbe({ port: "b" }), { ports })?.kind).toBe("adopted");
    expect(adoptProbe(httpProbe({ port: 9090 }), { ports })?.kind).toBe("refused");
    expect(adoptProbe(httpProbe({ port: 9090 }), { ports, targetPort: "b" })?.kind).toBe("adopted");
  });
});

describe("a probe that is refused", () => {
  const declared = container().ports;

  it.each<[Probe, object]>([
    [
      { ...httpProbe(), kind: "tcp" },
      { condition: "not-http", actual: "tcp" },
    ],
    [
      { ...httpProbe(), kind: "exec" },
      { condition: "not-http", actual: "exec" },
    ],
    [
      { ...httpProbe(), kind: "grpc" },
      { condition: "not-http", actual: "grpc" },
    ],
    [httpProbe({ host: "10.0.0.1" }), { condition: "host-set", host: "10.0.0.1" }],
    [
      httpProbe({ headers: [{ name: "X-Probe", value: "1" }] }),
      { condition: "extra-headers", headers: ["X-Probe"] },
    ],
    [
      httpProbe({ headers: [{ name: "host", value: "x" }] }),
      { condition: "extra-headers", headers: ["host"] },
    ],
    [
      httpProbe({
        headers: [
          { name: "Host", value: "x" },
          { name: "Host", value: "y" },
        ],
      }),
      { condition: "extra-headers", headers: ["Host", "Host"] },
    ],
    [httpProbe({ scheme: "HTTPS" }), { condition: "scheme-mismatch", expected: "HTTP", actual: "HTTPS" }],
    [httpProbe({ port: 8081 }), { condition: "probe-port-differs", targetPort: 8080, probePort: 8081 }],
    [httpProbe({ port: "admin" }), { condition: "probe-port-differs", targetPort: 8080, probePort: "admin" }],
  ])("%j", (probe, mismatch) => {
    expect(adoptProbe(probe)).toEqual({ kind: "refused", pod: "web-1", container: "app", probe, mismatch });
  });

  it.each(["HTTPS", "HTTP2"] as const)("has the scheme HTTP, where %s needs HTTPS", (protocol) => {
    expect(adoptProbe(httpProbe(), { protocol })).toMatchObject({
      mismatch: { condition: "scheme-mismatch", expected: "HTTPS", actual: "HTTP" },
    });
  });

  it.each([8081, "web"])("is in a container that does not declare the target port %s", (targetPort) => {
    expect(adoptProbe(httpProbe(), { targetPort })).toMatchObject({
      mismatch: { condition: "container-port-not-declared", targetPort, declared },
    });
  });

  it("is in a container that declares no port at all", () => {
    expect(adoptProbe(httpProbe(), { ports: [] })).toMatchObject({
      mismatch: { condition: "container-port-not-declared", declared: [] },
    });
  });

  it("does not find a port named like a number", () => {
    const ports = [{ name: "8080", containerPort: 80, protocol: "TCP" }];
    expect(adoptProbe(httpProbe({ port: 80 }), { ports })).toMatchObject({
      mismatch: { condition: "container-port-not-declared" },
    });
  });

  it("names no port", () => {
    const { port, ...without } = httpProbe();
    expect(port).toBe(8080);
    expect(adoptProbe(without)).toMatchObject({
      mismatch: { condition: "probe-port-differs", targetPort: 8080, probePort: "" },
    });
  });

  it("fails on its first condition, in the controller's order", () => {
    const everything = {
      ...httpProbe({ host: "x", headers: [{ name: "A", value: "" }], scheme: "HTTPS", port: 1 }),
    };
    const steps: Probe[] = [
      { ...everything, kind: "tcp" },
      everything,
      { ...everything, host: "" },
      { ...everything, host: "", headers: [] },
      { ...everything, host: "", headers: [], scheme: "HTTP" },
    ];
    const conditions = steps.map((probe) => {
      const adoption = adoptProbe(probe, { targetPort: 9 });
      return adoption?.kind === "refused" ? adoption.mismatch.condition : adoption?.kind;
    });
    expect(conditions).toEqual([
      "not-http",
      "host-set",
      "extra-headers",
      "scheme-mismatch",
      "container-port-not-declared",
    ]);
  });
});

describe("the choice among pods and containers", () => {
  const other = (name: string, probe: Probe | undefined) => {
    const { readinessProbe, ...rest } = container({ name, ports: [] });
    expect(readinessProbe).toBeDefined();
    return probe === undefined ? rest : { ...rest, readinessProbe: probe };
  };

  it("takes the oldest pod, then the first name, whatever the order given", () => {
    const young = pod(1, { createdAt: 2000 });
    const old = pod(9, { createdAt: 1000 });
    const twin = pod(5, { createdAt: 1000 });
    expect(adopt({ pods: [young, old, twin] })).toMatchObject({ pod: "web-5" });
    expect(adopt({ pods: [old, young, twin] })).toMatchObject({ pod: "web-5" });
    expect(adopt({ pods: [twin, old] })).toMatchObject({ pod: "web-5" });
    expect(adopt({ pods: [young, old] })).toMatchObject({ pod: "web-9" });
  });

  it("takes the first container that fits, in any pod", () => {
    const bare = pod(1, { createdAt: 1000, containers: [other("bare", undefined)] });
    const odd = pod(2, { createdAt: 2000, containers: [other("odd", httpProbe()), container()] });
    expect(adopt({ pods: [bare, odd] })).toMatchObject({ kind: "adopted", pod: "web-2", container: "app" });
  });

  it("counts pods of any phase, ready or not, ending or not", () => {
    const failed = pod(1, { phase: "Failed", ready: false, deletedAt: 1 });
    expect(adopt({ pods: [failed] })).toMatchObject({ kind: "adopted", pod: "web-1" });
  });

  it("looks at pods of the Service only", () => {
    const stranger = pod(1, { labels: stringMap({ app: "api" }) });
    const elsewhere = pod(1, { ref: ref("v1", "Pod", "web-1", "other") });
    expect(adopt({ pods: [stranger, elsewhere] })).toEqual({ kind: "no-pods" });
    expect(adopt({ pods: [] })).toEqual({ kind: "no-pods" });
  });

  it("looks at every pod of the namespace for a Service without selector", () => {
    const stranger = pod(1, { labels: stringMap({ app: "api" }) });
    expect(adopt({ pods: [stranger], service: service({ selector: undefined }) })).toMatchObject(ADOPTED);
    expect(adopt({ pods: [stranger], service: service({ selector: stringMap({}) }) })).toMatchObject(ADOPTED);
  });

  it("says when no container has a probe", () => {
    expect(adopt({ pods: [withContainers(other("a", undefined), other("b", undefined))] })).toEqual({
      kind: "no-probe",
    });
  });

  it("tells of the probe that came closest: of the container that serves, else the furthest condition", () => {
    const serving = container({ name: "serving", readinessProbe: { ...httpProbe(), kind: "exec" } });
    const sidecar = other("sidecar", httpProbe({ port: 15021 }));
    const tcp = other("tcp", { ...httpProbe(), kind: "tcp" });
    expect(adopt({ pods: [withContainers(sidecar, serving)] })).toMatchObject({ container: "serving" });
    expect(adopt({ pods: [withContainers(serving, sidecar)] })).toMatchObject({ container: "serving" });
    expect(adopt({ pods: [withContainers(tcp, sidecar)] })).toMatchObject({ container: "sidecar" });
    expect(adopt({ pods: [withContainers(sidecar, tcp)] })).toMatchObject({ container: "sidecar" });
  });

  it("holds a later condition for closer than an earlier one", () => {
    const probes: Probe[] = [
      { ...httpProbe(), kind: "tcp" },
      httpProbe({ host: "x" }),
      httpProbe({ headers: [{ name: "A", value: "" }] }),
      httpProbe({ scheme: "HTTPS" }),
      httpProbe({ port: 1 }),
    ];
    const containers = probes.map((probe, index) => container({ name: `c${index}`, readinessProbe: probe }));
    for (const [index, later] of containers.entries()) {
      const pair = [...containers.slice(0, index), later];
      expect(adopt({ pods: [withContainers(...pair)] })).toMatchObject({ container: later.name });
      expect(adopt({ pods: [withContainers(...pair.reverse())] })).toMatchObject({ container: later.name });
    }
  });

  it("tells of the first of equally close ones", () => {
    const twin = (name: string) => container({ name, readinessProbe: httpProbe({ port: 1 }) });
    expect(adopt({ pods: [withContainers(twin("a"), twin("b"))] })).toMatchObject({ container: "a" });
  });

  it("is unknown when pods could not be read", () => {
    const unread = notRead("pods");
    expect(adoptReadinessProbe(service(), servicePort(), "HTTP", unread)).toBe(unread);
  });
});
