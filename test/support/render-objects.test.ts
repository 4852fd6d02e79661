import { expect, it } from "vitest";
import { known } from "../../src/model/observed.ts";
import type { Probe } from "../../src/model/pod.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
  backendConfig,
  condition,
  container,
  event,
  frontendConfig,
  httpProbe,
  ingress,
  NOW,
  node,
  path,
  pod,
  ref,
  rule,
  service,
  serviceNeg,
  servicePort,
  slice,
  snapshot,
  toService,
  workload,
} from "./builders.ts";
import { managedCertificate, secret } from "./certificates.ts";
import { snapshotsOf } from "./object-snapshots.ts";
import { renderObjects } from "./render-objects.ts";

/** What a server gives, the names of Events, and what a placeholder has instead of a certificate. */
const NOT_RENDERED = /^(?:uid|generation|createdAt|changedAt|certificate)$/;

it("renders objects that are projected to the same snapshot", () => {
  const given = everything();
  const [read] = snapshotsOf(renderObjects(given), given.takenAt);
  expect(comparable(required(read))).toEqual(comparable(given));
});

it("renders an object under deletion as such", () => {
  const given = snapshot({ pods: known([pod(1, { deletedAt: NOW })]) });
  const [read] = snapshotsOf(renderObjects(given), given.takenAt);
  expect(required(read).pods).toMatchObject({ value: [{ deletedAt: NOW }] });
});

/** A snapshot with something in every field that a builder can set. */
function everything(): Snapshot {
  return snapshot({
    ingress: ingress({
      className: "gce",
      defaultBackend: { kind: "resource", resourceKind: "Bucket", name: "files" },
      rules: [
        rule("", path("/", "web", { backend: toService("web", "http"), pathType: "Exact" })),
        rule("b.example.com"),
      ],
      tls: [{ hosts: ["a.example.com"], secretName: "web-tls" }, { hosts: [] }],
      addresses: ["203.0.113.10", "lb.example.com"],
    }),
    ingresses: known([]),
    services: known([
      service({ headless: true }),
      service({
        name: "node",
        type: "NodePort",
        externalTrafficPolicy: "Local",
        ports: [servicePort({ nodePort: 30080 })],
      }),
      service({
        name: "bare",
        selector: undefined,
        ports: [servicePort({ targetPort: "web", appProtocol: "http" })],
      }),
      service({ name: "alias", type: "ExternalName", externalName: "example.com", ipFamilies: [] }),
    ]),
    endpointSlices: known([
      slice(),
      slice({ ref: ref("discovery.k8s.io/v1", "EndpointSlice", "x"), managedBy: "" }),
    ]),
    pods: known([
      pod(1),
      pod(2, {
        hostNetwork: true,
        containers: [
          container({ readinessProbe: httpProbe({ host: "a", headers: [{ name: "Host", value: "b" }] }) }),
          container({ name: "tcp", ports: [], readinessProbe: TCP_PROBE }),
          container({
            name: "down",
            ready: false,
            waiting: { reason: "CrashLoopBackOff", message: "back-off" },
          }),
          container({ name: "over", lastTerminated: { reason: "Error", exitCode: 1 } }),
        ],
      }),
    ]),
    workloads: known([
      workload({ rollingOut: false, conditions: [condition("Available", "True")] }),
      workload({
        ref: ref("apps/v1", "StatefulSet", "db"),
        minReadySeconds: 5,
        templateLabels: stringMap({ app: "db" }),
      }),
    ]),
    backendConfigs: known([
      backendConfig({
        healthCheck: { requestPath: "/healthz", port: 8080, type: "HTTP" },
        timeoutSec: 40,
        drainingTimeoutSec: 60,
        sessionAffinity: { type: "GENERATED_COOKIE", cookieTtlSec: 50 },
        iap: { enabled: true, secretName: "iap" },
        cdn: {
          enabled: true,
          signedUrlSecrets: ["cdn"],
          cacheMode: "USE_ORIGIN_HEADERS",
          negativeCaching: true,
        },
        securityPolicy: "armor",
        logging: { enable: true, sampleRate: 0.5 },
        customRequestHeaders: ["X-A:b"],
      }),
    ]),
    frontendConfigs: known([
      frontendConfig({ sslPolicy: "tls", redirectToHttps: { enabled: true, responseCodeName: "FOUND" } }),
    ]),
    managedCertificates: known([managedCertificate({ expiresAt: NOW })]),
    serviceNegs: known([
      serviceNeg({ conditions: [condition("Synced", "False", "NegSyncFailed", "quota")] }),
    ]),
    nodes: known([
      node({ subnet: "extra" }),
      node({ name: "node-b", excluded: true, beingDeleted: true, ready: false }),
    ]),
    secrets: known([secret()]),
    networkPolicies: known([
      {
        ref: ref("networking.k8s.io/v1", "NetworkPolicy", "some"),
        podSelector: { matchLabels: stringMap({ app: "web" }), matchExpressions: [] },
        restrictsIngress: true,
        ingress: [
          { from: [{ cidr: "10.0.0.0/8", except: [] }], ports: [{ protocol: "TCP", port: 8080 }] },
          { from: [], ports: undefined },
          { from: undefined, ports: undefined },
        ],
      },
    ]),
    events: known([event({ name: "web.0", count: 3 })]),
  });
}

const TCP_PROBE: Probe = { kind: "tcp", port: 8080, headers: [], timeoutSeconds: 1, periodSeconds: 10 };

/** Sources in a common form: without what is not rendered, and without GKE's own backend among the Services. */
function comparable(snapshot: Snapshot): object {
  const strip = (key: string, value: unknown) => (NOT_RENDERED.test(key) ? undefined : value);
  const { loadBalancer: _loadBalancer, probes: _probes, services, ...rest } = snapshot;
  const own = services.known ? services.value.filter((one) => one.ref.namespace === "shop") : [];
  return JSON.parse(JSON.stringify({ ...rest, services: own }, strip));
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is no snapshot");
  return value;
}
