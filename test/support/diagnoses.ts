import type { BackendDiagnosis, Diagnosis, RouteDiagnosis } from "../../src/diagnostics/diagnosis.ts";
import { CONDITION_TYPES } from "../../src/diagnostics/diagnosis.ts";
import type { Finding } from "../../src/diagnostics/finding.ts";
import { ref } from "./builders.ts";

/** An error about a missing Service. */
export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    code: "GID401",
    reason: "ServiceMissing",
    severity: "error",
    symptoms: ["502"],
    stage: "translation",
    subject: { ...ref("v1", "Service", "web"), fieldPath: "metadata.name" },
    message: "Service web does not exist.",
    fix: { summary: "Create Service web.", command: "kubectl apply -f service.yaml" },
    consequence: false,
    settling: false,
    ...changes,
  };
}

export function routeDiagnosis(changes: Partial<RouteDiagnosis> = {}): RouteDiagnosis {
  return {
    host: "shop.example.com",
    path: "/",
    pathType: "Prefix",
    service: "web",
    port: "80",
    answer: "served",
    frozen: false,
    ...changes,
  };
}

export function backendDiagnosis(changes: Partial<BackendDiagnosis> = {}): BackendDiagnosis {
  return {
    service: "web",
    port: "80",
    mode: "neg",
    protocol: "HTTP",
    endpoints: { ready: 2, notReady: 0 },
    endpointGroups: [
      { zone: "us-central1-a", state: "ready", count: 2 },
      { zone: "us-central1-a", state: "not-ready", count: 0 },
    ],
    healthCheck: { type: "HTTP", path: "/", port: "serving port", source: "default" },
    ...changes,
  };
}

/** A healthy Ingress `web` with one served route. */
export function diagnosis(changes: Partial<Diagnosis> = {}): Diagnosis {
  return {
    ingress: ref("networking.k8s.io/v1", "Ingress", "web"),
    uid: "uid-ingress-web",
    observedGeneration: 1,
    applicable: true,
    verdict: "Healthy",
    symptom: "none",
    summary: "Every route is expected to be served.",
    conditions: CONDITION_TYPES.map((type) => ({ type, status: "True", reason: "Fine", message: "It is." })),
    findings: [],
    routes: [routeDiagnosis()],
    backends: [backendDiagnosis()],
    undecided: [],
    suppressed: [],
    addresses: ["203.0.113.10"],
    ...changes,
  };
}

/** Ingress `web` broken by one finding. */
export function broken(cause: Finding = finding(), changes: Partial<Diagnosis> = {}): Diagnosis {
  return diagnosis({
    verdict: "Broken",
    symptom: "502",
    summary: cause.message,
    cause: { code: cause.code, reason: cause.reason },
    conditions: CONDITION_TYPES.map((type) => ({
      type,
      status: type === "Ready" || type === "RoutesResolved" ? "False" : "True",
      reason: "ServiceMissing",
      message: cause.message,
    })),
    findings: [cause],
    routes: [routeDiagnosis({ answer: "502", finding: cause.code })],
    ...changes,
  });
}
