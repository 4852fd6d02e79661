import { describe, expect, test } from "vitest";
import { projectBackendConfig } from "../../../src/kubernetes/projections/backend-config.ts";
import { projectEndpointSlice } from "../../../src/kubernetes/projections/endpoint-slice.ts";
import { projectEvent } from "../../../src/kubernetes/projections/event.ts";
import { projectFrontendConfig } from "../../../src/kubernetes/projections/frontend-config.ts";
import { projectIngress } from "../../../src/kubernetes/projections/ingress.ts";
import { projectManagedCertificate } from "../../../src/kubernetes/projections/managed-certificate.ts";
import { projectNetworkPolicy } from "../../../src/kubernetes/projections/network-policy.ts";
import { projectNode } from "../../../src/kubernetes/projections/node.ts";
import { projectPod } from "../../../src/kubernetes/projections/pod.ts";
import { projectSecret } from "../../../src/kubernetes/projections/secret.ts";
import { projectService } from "../../../src/kubernetes/projections/service.ts";
import { projectServiceNeg } from "../../../src/kubernetes/projections/service-neg.ts";
import { projectDeployment, projectStatefulSet } from "../../../src/kubernetes/projections/workload.ts";
import { MAX_TEXT } from "../../../src/model/json.ts";
import { CERTIFICATE } from "./certificate.ts";
import { rawObjects } from "./raw-objects.ts";

const CREATED = Date.parse("2026-01-01T00:00:00Z");
const CHANGED = Date.parse("2026-01-01T00:10:00Z");

describe("Ingress", () => {
  const ingress = projectIngress(rawObjects.Ingress);

  test("identity, class, finalizers and addresses", () => {
    expect(ingress.ref).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      namespace: "shop",
      name: "web",
    });
    expect(ingress).toMatchObject({
      generation: 3,
      className: "gce",
      createdAt: CREATED,
      changedAt: CHANGED,
    });
    expect(ingress.finalizers).toEqual(["networking.gke.io/ingress-finalizer-V2"]);
    expect(ingress.addresses).toEqual(["203.0.113.7", "lb.example"]);
  });

  test("a rule without http keeps its host and has no paths", () => {
    expect(ingress.rules.map((rule) => [rule.host, rule.paths?.length])).toEqual([
      ["a.example", 2],
      ["b.example", undefined],
    ]);
  });

  test("backends are told apart by kind, ports by name or number", () => {
    expect(ingress.defaultBackend).toEqual({ kind: "service", service: "fallback", port: { number: 80 } });
    expect(ingress.rules[0]?.paths?.map((path) => path.backend)).toEqual([
      { kind: "service", service: "web", port: { name: "http" } },
      { kind: "resource", resourceKind: "Bucket", name: "files" },
    ]);
  });

  test("annotations come without kubectl's copy and without a prototype", () => {
    expect(Object.keys(ingress.annotations)).toEqual(["kubernetes.io/ingress.class", "constructor"]);
    expect(ingress.annotations.toString).toBeUndefined();
  });
});

describe("Service", () => {
  test("defaults of the API fill what a manifest leaves out", () => {
    const service = projectService({ metadata: { name: "a" }, spec: { ports: [{ port: 80 }] } });
    expect(service).toMatchObject({ type: "ClusterIP", headless: false, changedAt: 0 });
    expect(service.ports).toEqual([{ port: 80, protocol: "TCP", targetPort: 80 }]);
  });

  test("no selector differs from an empty one", () => {
    expect(projectService({ spec: {} }).selector).toBeUndefined();
    expect(projectService({ spec: { selector: {} } }).selector).toEqual({});
  });

  test("hostile label keys are plain data", () => {
    const { selector } = projectService(
      JSON.parse('{"spec":{"selector":{"__proto__":"x","constructor":"y"}}}'),
    );
    expect(Object.entries(selector ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  test("headless, node ports and named target ports", () => {
    const service = projectService(rawObjects.Service);
    expect(service).toMatchObject({ headless: true, type: "NodePort", externalTrafficPolicy: "Local" });
    expect(service.ports[0]).toMatchObject({ name: "http", targetPort: "web", nodePort: 30080 });
    expect(service.ports[1]).toEqual({ port: 53, protocol: "UDP", targetPort: 53 });
  });
});

test("missing EndpointSlice conditions follow the API's defaults", () => {
  const slice = projectEndpointSlice(rawObjects.EndpointSlice);
  expect(slice).toMatchObject({ service: "web", managedBy: "endpointslice-controller.k8s.io" });
  expect(slice.endpoints.map(({ ready, serving, terminating }) => [ready, serving, terminating])).toEqual([
    [true, true, false],
    [false, false, false],
    [true, true, false],
  ]);
  expect(slice.endpoints[0]).toMatchObject({ pod: "web-1", nodeName: "node-a", zone: "us-central1-a" });
});

describe("Pod", () => {
  const pod = projectPod(rawObjects.Pod);

  test("readiness, owner, gates and address", () => {
    expect(pod).toMatchObject({
      ready: true,
      ip: "10.4.0.9",
      owner: { kind: "ReplicaSet", name: "web-6d" },
      readinessGates: ["cloud.google.com/load-balancer-neg-ready"],
      terminationGracePeriodSeconds: 60,
    });
  });

  test("containers are joined with their status by name, init containers left out", () => {
    expect(
      pod.containers.map((container) => [container.name, container.ready, container.restartCount]),
    ).toEqual([
      ["web", true, 0],
      ["db", false, 4],
      ["rpc", false, 0],
      ["job", false, 0],
    ]);
    expect(pod.containers[1]).toMatchObject({
      waiting: { reason: "CrashLoopBackOff", message: "back-off" },
      lastTerminated: { reason: "Error", exitCode: 137 },
    });
    expect(pod.containers[0]).toMatchObject({ hasPreStop: true, preStopSleepSeconds: 20 });
  });

  test("each probe kind keeps what it needs, with the API's defaults", () => {
    expect(pod.containers.map((container) => container.readinessProbe)).toEqual([
      {
        kind: "http",
        path: "/ready",
        port: "http",
        scheme: "HTTP",
        headers: [{ name: "Host", value: "a" }],
        timeoutSeconds: 2,
        periodSeconds: 5,
      },
      { kind: "tcp", port: 5432, headers: [], timeoutSeconds: 1, periodSeconds: 10 },
      { kind: "grpc", headers: [], timeoutSeconds: 1, periodSeconds: 10 },
      { kind: "exec", headers: [], timeoutSeconds: 1, periodSeconds: 10 },
    ]);
  });
});

describe("Deployment rollout", () => {
  const finished = rawObjects.Deployment as { status: { conditions: object[] }; metadata: object };
  const progressing = (status: string, reason: string) =>
    projectDeployment({
      ...finished,
      status: { ...finished.status, conditions: [{ type: "Progressing", status, reason }] },
    }).rollingOut;

  test("a new generation is rolling out until it is observed", () => {
    expect(projectDeployment({ ...finished, metadata: { generation: 3 } }).rollingOut).toBe(true);
  });
  test("pods that crash after a finished rollout are no rollout", () => {
    expect(projectDeployment(finished)).toMatchObject({ rollingOut: false, readyReplicas: 2, replicas: 3 });
  });
  test("the controller's Progressing condition decides", () => {
    expect(progressing("True", "ReplicaSetUpdated")).toBe(true);
    expect(progressing("False", "ProgressDeadlineExceeded")).toBe(false);
    expect(progressing("Unknown", "DeploymentPaused")).toBe(false);
  });
  test("an offline manifest is not rolling out and has one replica", () => {
    expect(projectDeployment({ spec: {} })).toMatchObject({ rollingOut: false, replicas: 1 });
  });
});

test("a StatefulSet is rolling out while revisions differ above its partition", () => {
  const raw = rawObjects.StatefulSet as { spec: object };
  expect(projectStatefulSet(raw).rollingOut).toBe(true);
  const partitioned = { updateStrategy: { rollingUpdate: { partition: 1 } }, replicas: 2 };
  expect(projectStatefulSet({ ...raw, spec: partitioned }).rollingOut).toBe(false);
  expect(projectStatefulSet({ ...raw, spec: { updateStrategy: { type: "OnDelete" } } }).rollingOut).toBe(
    false,
  );
});

describe("Node", () => {
  test("zone and project come from the provider id", () => {
    expect(projectNode(rawObjects.Node)).toMatchObject({
      ref: { namespace: "", name: "node-a" },
      zone: "us-central1-a",
      project: "lab-project",
      hasPodCidr: true,
      beingDeleted: true,
      subnet: "pods",
      addresses: ["10.128.0.2"],
    });
  });
  test.each(["", "aws:///us-east-1a/i-1", "gce://project/zone", "gce://project/zone/name/more", "gce://"])(
    "provider id %j tells no zone",
    (providerID) => {
      expect(projectNode({ spec: { providerID } })).not.toHaveProperty("zone");
    },
  );
  test("an exclusion label counts whatever its value", () => {
    const labels = { "node.kubernetes.io/exclude-from-external-load-balancers": "" };
    expect(projectNode({ metadata: { labels } }).excluded).toBe(true);
  });
});

test("a v1beta1 BackendConfig keeps its version; an empty security policy differs from none", () => {
  const config = projectBackendConfig(rawObjects.BackendConfig);
  expect(config.ref.apiVersion).toBe("cloud.google.com/v1beta1");
  expect(config).toMatchObject({
    healthCheck: { requestPath: "/healthz", port: 8080 },
    securityPolicy: "",
    iap: { enabled: true, secretName: "iap" },
    cdn: { enabled: true, signedUrlSecrets: ["key"], cacheMode: "CACHE_ALL_STATIC" },
    drainingTimeoutSec: 60,
    customRequestHeaders: ["X-A: b"],
  });
  expect(projectBackendConfig({ spec: {} })).not.toHaveProperty("securityPolicy");
});

test("FrontendConfig, ManagedCertificate and ServiceNetworkEndpointGroup", () => {
  expect(projectFrontendConfig(rawObjects.FrontendConfig)).toMatchObject({
    sslPolicy: "modern",
    redirectToHttps: { enabled: true, responseCodeName: "FOUND" },
  });
  expect(projectManagedCertificate(rawObjects.ManagedCertificate)).toMatchObject({
    status: "Active",
    expiresAt: Date.parse("2026-05-01T07:00:00Z"),
    domainStatus: [{ domain: "a.example", status: "Active" }],
  });
  expect(projectServiceNeg(rawObjects.ServiceNetworkEndpointGroup)).toMatchObject({
    service: "web",
    servicePort: "80",
    zones: [
      { zone: "us-central1-a", state: "ACTIVE" },
      { zone: "", state: "" },
    ],
  });
});

describe("Event", () => {
  test("core/v1", () => {
    expect(projectEvent(rawObjects.Event)).toMatchObject({
      about: { kind: "Ingress", name: "web", uid: "u-1" },
      message: "cannot find the Service",
      component: "loadbalancer-controller",
      count: 7,
      firstAt: CREATED,
      lastAt: Date.parse("2026-01-01T01:00:00Z"),
    });
  });

  test("events.k8s.io/v1 with a series", () => {
    const event = projectEvent({
      metadata: { name: "e", namespace: "shop", creationTimestamp: "2026-01-01T00:00:00Z" },
      regarding: { kind: "Service", name: "web" },
      note: "again",
      reportingController: "neg-controller",
      eventTime: "2026-01-01T00:00:01.500000Z",
      series: { count: 9, lastObservedTime: "2026-01-01T00:00:09.000000Z" },
    });
    expect(event).toMatchObject({ message: "again", component: "neg-controller", count: 9 });
    expect([event.firstAt - CREATED, event.lastAt - CREATED]).toEqual([1_500, 9_000]);
  });

  test("without any time of its own it has the time it was stored", () => {
    const event = projectEvent({ metadata: { creationTimestamp: "2026-01-01T00:00:00Z" } });
    expect(event).toMatchObject({ count: 1, firstAt: CREATED, lastAt: CREATED });
  });

  test("a huge message is cut", () => {
    expect(projectEvent({ message: "é".repeat(1 << 20) }).message).toBe("é".repeat(MAX_TEXT));
  });
});

describe("Secret", () => {
  test("only key names and the certificate's public facts are kept", () => {
    const tls = Buffer.from(CERTIFICATE).toString("base64");
    const facts = projectSecret({
      type: "kubernetes.io/tls",
      data: { "tls.key": "c2VjcmV0", "tls.crt": tls },
    });
    expect(facts.keys).toEqual(["tls.crt", "tls.key"]);
    expect(facts.certificate).toEqual({
      expiresAt: Date.parse("2036-11-20T11:44:27Z"),
      dnsNames: ["a.example", "*.b.example"],
    });
    expect(JSON.stringify(facts)).not.toContain("c2VjcmV0");
  });
  test.each(["UkVEQUNURUQ=", "REDACTED", "", "%%%"])("certificate %j does not parse", (crt) => {
    expect(projectSecret({ data: { "tls.crt": crt } })).not.toHaveProperty("certificate");
  });
  test("a manifest's stringData counts", () => {
    const facts = projectSecret({ stringData: { "tls.crt": CERTIFICATE } });
    expect(facts.certificate?.dnsNames).toContain("a.example");
  });
});

describe("NetworkPolicy", () => {
  const policy = projectNetworkPolicy(rawObjects.NetworkPolicy);

  test("address blocks are kept, label peers admit no outside address", () => {
    expect(policy.ingress[0]).toEqual({
      from: [{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }],
      ports: [
        { protocol: "TCP", port: 8080, endPort: 8090 },
        { protocol: "TCP", port: "http" },
        { protocol: "TCP" },
      ],
    });
  });
  test("a rule without peers and ports allows everything", () => {
    expect(policy.ingress[1]).toEqual({ from: undefined, ports: undefined });
  });
  test("no policyTypes restricts ingress", () => {
    expect(projectNetworkPolicy({ spec: {} }).restrictsIngress).toBe(true);
    expect(projectNetworkPolicy({ spec: { policyTypes: ["Egress"] } }).restrictsIngress).toBe(false);
  });
});
