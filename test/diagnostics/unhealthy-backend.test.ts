import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { known } from "../../src/model/observed.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
  backendConfig,
  condition,
  container,
  event,
  httpProbe,
  NOW,
  notRead,
  pod,
  service,
  servicePort,
  slice,
  snapshot,
} from "../support/builders.ts";
import { frozen, neverBuilt } from "../support/sync-failures.ts";
import { crashingPod, gatedPod } from "../support/troubled-pods.ts";
import {
  configuredService,
  HALF_AN_HOUR_AGO,
  nodePortService,
  podsWith,
  reportedAs,
  reportedNodePort,
  unhealthy,
  unprobed,
  unusedConfig,
  webAnnotations,
  withHealthCheck,
} from "../support/unhealthy.ts";

const ready = container({ readinessProbe: httpProbe({ path: "/ready" }) });

/** Two ready pods, younger than the Ingress and older than the delay of its annotation. */
const younger: Partial<Snapshot> = {
  pods: known(
    [1, 2].map((index) =>
      pod(index, {
        createdAt: HALF_AN_HOUR_AGO,
        containers: [ready],
        conditions: [{ ...condition("ContainersReady", "True"), since: HALF_AN_HOUR_AGO + 20_000 }],
      }),
    ),
  ),
};

const SUPPRESSED = { "networking.gke.io/suppress-firewall-xpn-error": "true" };

describe("the most likely cause of an unhealthy backend", () => {
  const causes: readonly (readonly [string, string, Snapshot])[] = [
    ["the default path, without a readiness probe", "GID601", unhealthy(podsWith(unprobed()))],
    [
      "the default path, beside an exec probe",
      "GID601",
      unhealthy(podsWith(container({ readinessProbe: httpProbe({ kind: "exec" }) }))),
    ],
    [
      "a path of the BackendConfig",
      "GID601",
      unhealthy({ ...withHealthCheck({ requestPath: "/health" }), ...podsWith(ready) }),
    ],
    ["a probe that came after the health check", "GID601", unhealthy(younger)],
    [
      "gates that Google's health check keeps closed",
      "GID601",
      unhealthy({
        pods: known([gatedPod(1, { containers: [unprobed()] }), gatedPod(2, { containers: [unprobed()] })]),
      }),
    ],
    [
      "a port that nothing serves",
      "GID609",
      unhealthy({ ...withHealthCheck({ port: 80 }), ...podsWith(unprobed()) }),
    ],
    [
      "a type that the port does not speak",
      "GID610",
      unhealthy({ ...withHealthCheck({ type: "HTTPS" }), ...podsWith(unprobed()) }),
    ],
    ["a firewall", "GID623", unhealthy(podsWith(ready))],
    ["a BackendConfig under a key that is no port", "GID606", unusedConfig],
    [
      "a firewall change that GKE asks for",
      "GID901",
      unhealthy({
        ...podsWith(unprobed()),
        events: known([
          event({
            reason: "XPN",
            message:
              'Firewall change required by security admin: `gcloud compute firewall-rules create k8s-fw-l7--1 --network vpc --description "GCE L7 firewall rule" --allow tcp:30000-32767,tcp:8080 --source-ranges 130.211.0.0/22,35.191.0.0/16 --target-tags gke-node --project host-project`',
          }),
        ]),
      }),
    ],
    [
      "the same change, kept silent",
      "GID901",
      unhealthy({
        ...podsWith(unprobed()),
        ingress: {
          ...reportedAs("UNHEALTHY"),
          annotations: stringMap({ ...reportedAs("UNHEALTHY").annotations, ...SUPPRESSED }),
        },
      }),
    ],
    [
      "a target port that no container declares",
      "GID409",
      unhealthy({
        services: known([service({ ports: [servicePort({ targetPort: 80 })] })]),
        endpointSlices: known([slice({ ports: [{ name: "http", port: 80, protocol: "TCP" }] })]),
        ...podsWith(unprobed()),
      }),
    ],
    [
      "TLS spoken to a plain port",
      "GID413",
      unhealthy({
        services: known([
          service({ annotations: webAnnotations({ "cloud.google.com/app-protocols": '{"http":"HTTPS"}' }) }),
        ]),
        ...podsWith(unprobed()),
      }),
    ],
    [
      "crashing pods",
      "GID503",
      unhealthy({ pods: known([crashingPod(1, { reason: "Error", exitCode: 1 })]) }),
    ],
    [
      "an instance group whose / answers 404",
      "GID601",
      unhealthy({
        ingress: reportedNodePort("UNHEALTHY"),
        services: known([nodePortService()]),
        ...podsWith(unprobed()),
      }),
    ],
  ];

  it.each(causes)("%s: %s", (_name, code, given) => {
    const { cause, symptom, verdict } = diagnose(given);
    expect(cause?.code).toBe(code);
    expect(symptom).toBe("502");
    expect(["Broken", "Degraded"]).toContain(verdict);
  });
});

describe("the most likely cause of a BackendConfig that GKE refuses", () => {
  const iap = { iap: { enabled: true, secretName: "iap-oauth" } };
  const configured = (config: Parameters<typeof backendConfig>[0]): Partial<Snapshot> => ({
    services: known([configuredService()]),
    backendConfigs: known([backendConfig(config)]),
  });
  const invalid = (text: string, sources: Partial<Snapshot>) =>
    neverBuilt(`BackendConfig shop/web-bc is not valid: ${text}`, "translation", sources);
  const causes: readonly (readonly [string, string, Snapshot])[] = [
    [
      "a missing object",
      "GID603",
      neverBuilt(
        'error getting BackendConfig for port "&ServiceBackendPort{Name:,Number:80,}" on service "shop/web", err: no BackendConfig for service port exists.',
        "translation",
        { services: known([configuredService()]) },
      ),
    ],
    [
      "a bare name in the annotation",
      "GID604",
      neverBuilt(
        'error getting BackendConfig for port "&ServiceBackendPort{Name:,Number:80,}" on service "shop/web", err: BackendConfig annotation is invalid json',
        "translation",
        {
          services: known([
            service({ annotations: webAnnotations({ "cloud.google.com/backend-config": "web-bc" }) }),
          ]),
        },
      ),
    ],
    [
      "IAP and CDN together",
      "GID607",
      invalid(
        "iap and cdn cannot be enabled at the same time",
        configured({ iap: { enabled: true }, cdn: { enabled: true, signedUrlSecrets: [] } }),
      ),
    ],
    [
      "an affinity type that does not exist",
      "GID607",
      invalid(
        "unsupported AffinityType: COOKIE, should be one of NONE, CLIENT_IP, or GENERATED_COOKIE",
        configured({ sessionAffinity: { type: "COOKIE" } }),
      ),
    ],
    [
      "a missing Secret of IAP, by the Event",
      "GID611",
      invalid('error retrieving secret iap-oauth: secrets "iap-oauth" not found', configured(iap)),
    ],
    [
      "a missing Secret of IAP, by the Secrets",
      "GID611",
      invalid('error retrieving secret iap-oauth: secrets "iap-oauth" not found', {
        ...configured(iap),
        secrets: known([]),
      }),
    ],
    ["missing keys of IAP", "GID612", invalid("secret iap-oauth missing client_id data", configured(iap))],
    [
      "a timeout above the interval",
      "GID608",
      neverBuilt(
        "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.timeoutSec': '20'. Must be less than or equal to checkIntervalSec, invalid",
        "backend",
        withHealthCheck({ timeoutSec: 20, checkIntervalSec: 10 }),
      ),
    ],
    [
      "a timeout above the default interval",
      "GID608",
      neverBuilt(
        "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.timeoutSec': '60'. Timeout is too large, invalid",
        "backend",
        { ...withHealthCheck({ timeoutSec: 60 }), ...podsWith(unprobed()) },
      ),
    ],
    [
      "a health check type that does not exist",
      "GID607",
      neverBuilt(
        'error ensuring health check: Protocol "TCP" is not valid, must be one of ["HTTP","HTTPS","HTTP2"]',
        "backend",
        withHealthCheck({ type: "TCP" }),
      ),
    ],
    [
      "a Cloud Armor policy that does not exist",
      "GID613",
      neverBuilt(
        "failed to set security policy from \"\" to \"edge-armor\" for backend service k8s1-x (shop/web:80): googleapi: Error 400: Invalid value for field 'resource.securityPolicy': 'projects/demo/global/securityPolicies/edge-armor'. The given security policy does not exist., invalid",
        "backend",
        configured({ securityPolicy: "edge-armor" }),
      ),
    ],
  ];

  it.each(causes)("%s: %s", (_name, code, given) => {
    const { cause, symptom, verdict } = diagnose(given);
    expect(cause?.code).toBe(code);
    expect(symptom).toBe("no-address");
    expect(verdict).toBe("Broken");
  });

  it("freezes a load balancer that serves already", () => {
    const given = frozen(
      'BackendConfig shop/web-bc is not valid: error retrieving secret iap-oauth: secrets "iap-oauth" not found',
      "translation",
      configured(iap),
    );
    const { cause, symptom, verdict } = diagnose(given);
    expect(cause?.code).toBe("GID611");
    expect(symptom).toBe("stale");
    expect(verdict).toBe("Degraded");
  });
});

describe("what an UNHEALTHY in the annotation does not prove", () => {
  it("is a failing health check while a change still spreads", () => {
    const { cause, verdict, findings } = diagnose(
      unhealthy({
        ...podsWith(unprobed()),
        ingress: { ...reportedAs("UNHEALTHY"), changedAt: NOW - 60_000 },
      }),
    );
    expect(cause).toBeUndefined();
    expect(verdict).toBe("Progressing");
    expect(findings.find(({ code }) => code === "GID601")?.settling).toBe(true);
  });

  it("is a failing health check of pods that have become ready since", () => {
    const since = NOW - 5 * 60_000;
    const { cause } = diagnose(
      unhealthy({
        pods: known([
          pod(1, {
            containers: [unprobed()],
            conditions: [{ ...condition("ContainersReady", "True"), since }],
          }),
        ]),
      }),
    );
    expect(cause).toBeUndefined();
  });

  it("is anything about the pods when they cannot be read", () => {
    const { cause, undecided } = diagnose(unhealthy({ pods: notRead("pods") }));
    expect(cause).toBeUndefined();
    expect(undecided.map(({ needs }) => needs)).toContain("permission to list pods");
  });
});

it("says nothing above info of a healthy backend with every kind of readiness probe", () => {
  for (const kind of ["http", "tcp", "exec", "grpc"] as const) {
    const { findings, verdict } = diagnose(
      snapshot(podsWith(container({ readinessProbe: httpProbe({ kind, path: "/ready" }) }))),
    );
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(verdict).toBe("Healthy");
  }
});
