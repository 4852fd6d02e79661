import type { KubeEvent } from "../../model/event.ts";
import type { SyncCause } from "./causes.ts";

/**
 * Which part of the controllers' work failed. The first five are one sync of an Ingress, in its order, and the
 * first error stops it; `sync` is an error of an older controller that does not say where. The others run on
 * their own.
 */
export type SyncPhase =
  | "translation"
  | "backend"
  | "load-balancer"
  | "post-process"
  | "sync"
  | "frontend-config"
  | "garbage-collection"
  | "class"
  | "managed-certificate"
  | "health-check"
  | "neg";

/** Phases of one sync of an Ingress by their order; undefined for phases that run on their own. */
const RANK: Partial<Record<SyncPhase, number>> = {
  translation: 0,
  backend: 1,
  "load-balancer": 2,
  sync: 2,
  "post-process": 3,
};

/** Order of a phase inside one sync; undefined when it is no part of it. */
export function syncRank(phase: SyncPhase): number | undefined {
  return RANK[phase];
}

/** Markers in the text, first match wins; the reason of an Event changed too often to go by alone. */
const TEXT_MARKERS: readonly (readonly [RegExp, SyncPhase])[] = [
  [/error running backend syncing routine/i, "backend"],
  [/error running load balancer syncing routine/i, "load-balancer"],
  [/error running post-process routine/i, "post-process"],
  [/no FrontendConfig for Ingress exists/i, "frontend-config"],
  [/is not supported in this environment/i, "class"],
  [/Translation failed|invalid ingress spec|error while evaluating the ingress spec/i, "translation"],
  [/garbage collection/i, "garbage-collection"],
  [/^loadbalancer \S{1,256} does not exist/i, "load-balancer"],
];

const REASON_MARKERS: ReadonlyMap<string, SyncPhase> = new Map([
  ["Translate", "translation"],
  ["GarbageCollection", "garbage-collection"],
  ["WillNotConfigureFrontend", "load-balancer"],
  ["MissingCertificate", "managed-certificate"],
  ["THCAnnotationWithoutFlag", "health-check"],
]);

/** Phase of a Warning about an Ingress. */
export function ingressPhase({ reason, message }: KubeEvent): SyncPhase {
  const head = message.slice(0, 1024);
  const marked = TEXT_MARKERS.find(([pattern]) => pattern.test(head))?.[1];
  return marked ?? REASON_MARKERS.get(reason) ?? "sync";
}

/** How far a sync has come, in the order of its steps (`edgeHop` in ingress-gce). */
const REACHED = {
  urlMap: 15,
  httpProxy: 25,
  httpRule: 35,
  httpsProxy: 45,
  httpsRule: 55,
  finished: 90,
} as const;

/**
 * The step that a Normal Event proves to be done; undefined when it proves none.
 *
 * "Scheduled for sync" proves nothing, and "SSLPolicy updated" is emitted only when that update failed.
 */
export function reachedStep({ reason, message }: KubeEvent): number | undefined {
  if (reason === "IPChanged") return REACHED.finished;
  const [, kind, name = ""] =
    /^(UrlMap|TargetProxy|ForwardingRule) "([^"]{1,128})" (?:created|updated|deleted|certs updated)/.exec(
      message,
    ) ?? [];
  if (kind === undefined) return undefined;
  if (kind === "UrlMap") return REACHED.urlMap;
  const https = /^k8s2-(?:ts|fs)-|^k8s-(?:tps|fws)-/.test(name);
  if (kind === "TargetProxy") return https ? REACHED.httpsProxy : REACHED.httpProxy;
  return https ? REACHED.httpsRule : REACHED.httpRule;
}

/** Step at which each front end error stops a sync; an error not listed may come from any step. */
const FAILED: Partial<Record<SyncCause["kind"], number>> = {
  "name-invalid": 10,
  "secret-missing": 10,
  "secret-key-missing": 10,
  "secret-unnamed": 10,
  "static-ip-missing": 10,
  "static-ip-annotations-conflict": 10,
  "protocols-disabled": 10,
  "internal-protocols": 10,
  "url-map-too-large": 10,
  "url-map-refused": 10,
  "redirect-on-internal": 20,
  "redirect-needs-v2-names": 20,
  "redirect-code-invalid": 20,
  "address-in-use": 30,
  "address-invalid": 30,
  "network-tier": 30,
  "proxy-only-subnet-missing": 30,
  "certificate-refused": 40,
  "certificate-missing": 40,
  "too-many-certificates": 40,
  "ssl-policy-missing": 50,
};

/** The step that a sync with this error has not passed. */
export function failedStep(phase: SyncPhase, cause: SyncCause): number {
  if (phase === "translation" || phase === "backend") return 0;
  return FAILED[cause.kind] ?? 80;
}
