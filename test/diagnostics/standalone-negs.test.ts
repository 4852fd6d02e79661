import { describe, expect, it } from "vitest";
import {
  diagnoseStandaloneNegs,
  type StandaloneDiagnosis,
  type StandaloneSources,
} from "../../src/diagnostics/standalone-negs.ts";
import type { ServiceNeg } from "../../src/model/gke-config.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import { known } from "../../src/model/observed.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Service } from "../../src/model/service.ts";
import {
  condition,
  event,
  ingress,
  LONG_AGO,
  NOW,
  notRead,
  ref,
  rule,
  service,
  serviceNeg,
  servicePort,
  snapshot,
  toService,
} from "../support/builders.ts";

function standalone(name: string, value = '{"exposed_ports":{"80":{"name":"mesh-neg"}}}'): Service {
  const status = '{"network_endpoint_groups":{"80":"mesh-neg"},"zones":["us-central1-a"]}';
  const annotations = { "cloud.google.com/neg": value, "cloud.google.com/neg-status": status };
  return service({ name, annotations: stringMap(annotations) });
}

function meshNeg(changes: Partial<ServiceNeg> = {}): ServiceNeg {
  const neg = ref("networking.gke.io/v1beta1", "ServiceNetworkEndpointGroup", "mesh-neg");
  return serviceNeg({ service: "mesh", ref: neg, ...changes });
}

function warning(about: string, reason: string, problem: string) {
  return event({
    about: { kind: "Service", namespace: "shop", name: about, uid: `uid-service-${about}` },
    type: "Warning",
    reason,
    message: problem,
    component: "neg-controller",
  });
}

function sources(changes: Partial<StandaloneSources> = {}): StandaloneSources {
  const { ingress: _, ...healthy } = snapshot({
    ingresses: known([]),
    services: known([standalone("mesh")]),
    serviceNegs: known([meshNeg()]),
    events: known([]),
  });
  return { ...healthy, ...changes };
}

function only(changes: Partial<StandaloneSources>, ingresses: readonly Ingress[] = []): StandaloneDiagnosis {
  const [first, ...rest] = diagnoseStandaloneNegs(sources(changes), ingresses);
  expect(rest).toEqual([]);
  if (first === undefined) throw new Error("No Service was diagnosed.");
  return first;
}

const CONFLICT =
  'error processing service "shop/two": failed to ensure svc neg cr shop/mesh-neg/80 for port: Neg shop/mesh-neg has a label mismatch. Expected key networking.gke.io/service-name to have the value two but found mesh. Neg is likely taken by meshervice. Please remove previous neg before creating this configuration';

describe("which Services are diagnosed for their standalone NEGs", () => {
  it.each([
    ["one that asks for none", [service()], []],
    ["one that an Ingress names", [standalone("web")], [ingress()]],
    [
      "one that is an Ingress' default backend",
      [standalone("web")],
      [ingress({ rules: [], defaultBackend: toService("web") })],
    ],
  ])("leaves out %s", (_, services, ingresses) => {
    expect(diagnoseStandaloneNegs(sources({ services: known(services) }), ingresses)).toEqual([]);
  });

  it("takes one that shares its name with a Service of an Ingress in another namespace", () => {
    const elsewhere = ingress({
      ref: ref("networking.k8s.io/v1", "Ingress", "web", "other"),
      rules: [rule("a.example.com", { path: "/", pathType: "Prefix", backend: toService("mesh") })],
    });
    expect(only({}, [elsewhere]).service.name).toBe("mesh");
  });

  it("says nothing where Services cannot be read", () => {
    expect(diagnoseStandaloneNegs(sources({ services: notRead("services") }), [])).toEqual([]);
  });
});

describe("the diagnosis of standalone NEGs", () => {
  it("is Healthy when they are made and synced", () => {
    expect(only({})).toMatchObject({
      verdict: "Healthy",
      symptom: "none",
      findings: [],
      summary: "The network endpoint groups of 1 exposed port are made and filled.",
    });
  });

  it("names the Service that holds the name already, and is silent about that one", () => {
    const services = known([standalone("two"), standalone("mesh")]);
    const events = known([warning("two", "ProcessServiceFailed", CONFLICT)]);
    const [mesh, two] = diagnoseStandaloneNegs(sources({ services, events }), []);
    expect(mesh).toMatchObject({ service: { name: "mesh" }, verdict: "Healthy" });
    expect(two).toMatchObject({
      service: { kind: "Service", name: "two" },
      verdict: "Broken",
      symptom: "no-neg",
      cause: { code: "GID704", reason: "NegNameConflict" },
      summary:
        "Network endpoint group mesh-neg, which Service two asks for, belongs to Service mesh, so Service two gets none.",
    });
  });

  it("names the exposed port that the Service does not have", () => {
    const value = '{"exposed_ports":{"8080":{}}}';
    const services = known([standalone("mesh", value)]);
    expect(only({ services, serviceNegs: known([]) })).toMatchObject({
      verdict: "Broken",
      symptom: "no-neg",
      cause: { code: "GID703" },
    });
  });

  it("names the quota that keeps NEGs from being made", () => {
    const problem =
      "googleapi: Error 403: Quota 'NETWORK_ENDPOINT_GROUPS' exceeded. Limit: 100.0 in region us-central1., quotaExceeded";
    const conditions = [condition("Initialized", "False", "NegInitializationFailed", problem)];
    expect(only({ serviceNegs: known([meshNeg({ conditions, zones: [] })]) })).toMatchObject({
      verdict: "Broken",
      symptom: "no-neg",
      cause: { code: "GID103" },
    });
  });

  it("calls NEGs that exist and do not follow the pods stale", () => {
    const text = `Failed to Attach 1 network endpoint(s) (NEG "mesh-neg" in zone "us-central1-a"): googleapi: Error 403: Required 'compute.networkEndpointGroups.attachNetworkEndpoints' permission for 'x', forbidden`;
    expect(only({ events: known([warning("mesh", "AttachFailed", text)]) })).toMatchObject({
      verdict: "Broken",
      symptom: "stale",
      cause: { code: "GID104" },
    });
  });

  it("reads an annotation that cannot be read as far as it shows what it asks for", () => {
    const services = known([standalone("mesh", '{"exposed_ports":{"80":{"name":"mesh-neg"}}')]);
    const found = only({ services });
    expect(found).toMatchObject({ verdict: "Broken", symptom: "no-neg", cause: { code: "GID405" } });
    expect(found.findings[0]?.fix.command).toContain('{"exposed_ports":{"80":{"name":"mesh-neg"}}}');
  });

  it("is Degraded when one of two ports has its NEG", () => {
    const mesh = standalone("mesh", '{"exposed_ports":{"80":{},"81":{"name":"admin-neg"}}}');
    const services = known([{ ...mesh, ports: [servicePort(), servicePort({ name: "admin", port: 81 })] }]);
    const taken = "found conflicting description in neg admin-neg: expected a, got b";
    const adminNeg = meshNeg({
      ref: { ...meshNeg().ref, name: "admin-neg" },
      servicePort: "81",
      zones: [],
      conditions: [condition("Initialized", "False", "NegInitializationFailed", taken)],
    });
    expect(only({ services, serviceNegs: known([meshNeg(), adminNeg]) })).toMatchObject({
      verdict: "Degraded",
      symptom: "no-neg",
      cause: { code: "GID704" },
    });
  });

  it("waits for NEGs of a Service that was just made", () => {
    const made = service({
      name: "mesh",
      createdAt: NOW - 30_000,
      changedAt: NOW - 30_000,
      annotations: stringMap({ "cloud.google.com/neg": '{"exposed_ports":{"80":{}}}' }),
    });
    expect(only({ services: known([made]), serviceNegs: known([]) })).toMatchObject({
      verdict: "Progressing",
      symptom: "none",
    });
  });

  it("misses NEGs that are not made in time", () => {
    const made = service({
      name: "mesh",
      createdAt: LONG_AGO,
      annotations: stringMap({ "cloud.google.com/neg": '{"exposed_ports":{"80":{}}}' }),
    });
    expect(only({ services: known([made]), serviceNegs: known([]) })).toMatchObject({
      verdict: "Broken",
      symptom: "no-neg",
      cause: { code: "GID705" },
    });
  });

  it.each(["serviceNegs", "events"] as const)("is Unknown where %s cannot be read", (source) => {
    const { verdict, undecided } = only({ [source]: notRead(source) });
    expect(verdict).toBe("Unknown");
    expect(undecided.map(({ reason }) => reason)).toContain("forbidden");
  });

  it("keeps quiet about what the Service's own annotation suppresses", () => {
    const two = standalone("two");
    const annotations = stringMap({ ...two.annotations, "ingressdoctor.dev/ignore": "GID704: known" });
    const services = known([{ ...two, annotations }]);
    const events = known([warning("two", "ProcessServiceFailed", CONFLICT)]);
    const found = only({ services, events });
    expect(found.suppressed.map(({ code }) => code)).toEqual(["GID704"]);
    expect(found.verdict).toBe("Healthy");
  });
});
