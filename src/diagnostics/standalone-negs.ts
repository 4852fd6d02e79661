import type { Ingress } from "../model/ingress.ts";
import { known, type Observed } from "../model/observed.ts";
import { type ObjectRef, objectKey, refKey } from "../model/refs.ts";
import type { Service } from "../model/service.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { buildBackend, indexOf } from "./build-backend.ts";
import { linkCauses, mostLikelyCause } from "./cause.ts";
import type { Suppressed, Undecided, Verdict } from "./diagnosis.ts";
import { judge } from "./engine.ts";
import type { Finding, Symptom } from "./finding.ts";
import { type BackendResolution, backendKey, findServicePort } from "./gke/backend.ts";
import { parseNegAnnotation } from "./gke/neg-annotation.ts";
import type { BackendTarget } from "./gke/translate.ts";
import { momentOf } from "./moment.ts";
import { RULES } from "./registry.ts";
import type { Rule } from "./rule.ts";
import { settlingOf } from "./settling.ts";
import { negHistory } from "./sync-events.ts";
import { counted } from "./text.ts";
import type { Backend, Topology } from "./topology.ts";

/** What a diagnosis of standalone NEGs reads: a snapshot without an Ingress. */
export type StandaloneSources = Omit<Snapshot, "ingress">;

/** What stands in the way of the standalone NEGs of one Service. */
export interface StandaloneDiagnosis {
  readonly service: ObjectRef;
  readonly uid: string;
  /** `Broken` when no exposed port has what it asks for, `Degraded` when some have. */
  readonly verdict: Verdict;
  /** `none` when nothing is wrong. */
  readonly symptom: Symptom | "none";
  /** One sentence: the most likely cause. */
  readonly summary: string;
  readonly cause?: { readonly code: string; readonly reason: string };
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
  readonly suppressed: readonly Suppressed[];
}

/** Rules on Google's refusals of any request; the NEG controller meets these, too. */
const REFUSALS: ReadonlySet<string> = new Set(["GID103", "GID104", "GID105", "GID106", "GID107"]);

/** Rules on what a Service says that the NEG controller refuses or cannot place. */
const SERVICE_RULES: ReadonlySet<string> = new Set(["GID405", "GID417", "GID508"]);

/**
 * Diagnoses every Service that asks for standalone NEGs (`exposed_ports` in `cloud.google.com/neg`) and that no
 * Ingress names: the NEG controller serves it, and no Ingress tells of its errors.
 *
 * What such NEGs are attached to, if anything, is not known here: load balancers made by hand, or a service mesh.
 *
 * @param ingresses every Ingress of the namespaces concerned
 */
export function diagnoseStandaloneNegs(
  sources: StandaloneSources,
  ingresses: readonly Ingress[],
): readonly StandaloneDiagnosis[] {
  const services = sources.services.known ? sources.services.value : [];
  const used = new Set(ingresses.flatMap(servicesNamedBy));
  const rules = RULES.filter(isAboutNegs);
  return services
    .filter((service) => asksForStandaloneNegs(service) && !used.has(refKey(service.ref)))
    .sort((a, b) => (refKey(a.ref) < refKey(b.ref) ? -1 : 1))
    .map((service) => diagnoseOne(standaloneTopology(sources, service), service, rules));
}

function isAboutNegs({ code }: Rule): boolean {
  return code.startsWith("GID7") || REFUSALS.has(code) || SERVICE_RULES.has(code);
}

/** An annotation that cannot be read asks for what its text shows. */
function asksForStandaloneNegs(service: Service): boolean {
  const annotation = parseNegAnnotation(service);
  if (annotation.kind === "invalid") return annotation.raw.includes("exposed_ports");
  return annotation.kind === "valid" && annotation.value.exposedPorts.size > 0;
}

function servicesNamedBy({ ref, defaultBackend, rules }: Ingress): readonly string[] {
  const backends = rules.flatMap((rule) => (rule.paths ?? []).map(({ backend }) => backend));
  return [...backends, ...(defaultBackend === undefined ? [] : [defaultBackend])].flatMap((backend) =>
    backend.kind === "service" ? [objectKey(ref.namespace, backend.service)] : [],
  );
}

/** The topology of a Service alone: it stands where an Ingress would, and its exposed ports are the backends. */
function standaloneTopology(sources: StandaloneSources, service: Service): Topology {
  const ingress = inPlaceOfIngress(service);
  const snapshot: Snapshot = { ...sources, ingress };
  const now = momentOf(sources.takenAt);
  const index = indexOf(snapshot, []);
  const backends = targetsOf(service).map((target) => buildBackend(snapshot, index, target));
  return {
    ...snapshot,
    now,
    ownership: { kind: "owned", product: "external" },
    translation: NO_TRANSLATION,
    routes: [],
    backends,
    sync: negHistory(sources, service.ref, now),
    settling: settlingOf(now, ingress, []),
  };
}

const NO_TRANSLATION: Topology["translation"] = {
  table: { hosts: [], fallback: undefined },
  targets: [],
  errors: [],
  undecided: [],
  overwrittenHosts: [],
  overwrittenPaths: [],
  emptyRules: [],
};

/** Suppressions are read from the annotations of what is diagnosed, so they are kept. */
function inPlaceOfIngress({ ref, uid, createdAt, changedAt, annotations }: Service): Ingress {
  return {
    ref,
    uid,
    generation: 0,
    createdAt,
    changedAt,
    annotations,
    finalizers: [],
    rules: [],
    tls: [],
    addresses: [],
  };
}

/** The exposed ports; those of the Service where the annotation cannot be read. */
function targetsOf(service: Service): readonly BackendTarget[] {
  const annotation = parseNegAnnotation(service);
  const exposed = annotation.kind === "valid" ? [...annotation.value.exposedPorts.keys()] : [];
  const ports = annotation.kind === "valid" ? exposed : service.ports.map(({ port }) => port);
  return ports
    .sort((a, b) => a - b)
    .map((number) => ({
      key: backendKey(service.ref.namespace, service.ref.name, { number }),
      service: refKey(service.ref),
      port: { number },
      origin: { kind: "standalone", field: "" },
      resolution: resolutionOf(service, number),
    }));
}

/** The NEG controller asks for no type, protocol or BackendConfig, only for the port. */
function resolutionOf(service: Service, number: number): Observed<BackendResolution> {
  const port = findServicePort(service, { number });
  const negAnnotation = parseNegAnnotation(service);
  if (port === undefined) {
    const error = { kind: "service-port-not-found", object: refKey(service.ref), port: { number } } as const;
    return known({ backend: undefined, error, undecided: [] });
  }
  return known({
    backend: {
      service,
      port,
      mode: "neg",
      negAnnotation,
      negForced: false,
      protocol: "HTTP",
      protocolAnnotation: undefined,
      backendConfig: { kind: "none" },
    },
    error: undefined,
    undecided: [],
  });
}

function diagnoseOne(topology: Topology, service: Service, rules: readonly Rule[]): StandaloneDiagnosis {
  const judged = judge(topology, rules);
  const cause = mostLikelyCause(judged.findings);
  const verdict = verdictOf(topology, judged.findings, cause);
  return {
    service: service.ref,
    uid: service.uid,
    verdict,
    symptom: cause === undefined ? "none" : (cause.symptoms[0] ?? "degraded"),
    summary: cause?.message ?? summaryOf(verdict, topology.backends),
    ...(cause === undefined ? {} : { cause: { code: cause.code, reason: cause.reason } }),
    findings: linkCauses(judged.findings, cause),
    undecided: judged.undecided,
    suppressed: judged.suppressed,
  };
}

function verdictOf(topology: Topology, findings: readonly Finding[], cause: Finding | undefined): Verdict {
  const { backends, settling, sync } = topology;
  if (cause !== undefined) {
    const failing = new Set(
      findings.filter(({ severity }) => severity === "error").map(({ backend }) => backend),
    );
    return backends.every(({ key }) => failing.has(key)) ? "Broken" : "Degraded";
  }
  if (settling.open && findings.some((finding) => finding.settling)) return "Progressing";
  return sync.known && backends.every(({ serviceNegs }) => serviceNegs.known) ? "Healthy" : "Unknown";
}

function summaryOf(verdict: Verdict, backends: readonly Backend[]): string {
  switch (verdict) {
    case "Progressing":
      return "The NEG controller is still at work on a recent change.";
    case "Healthy":
      return `The network endpoint groups of ${counted(backends.length, "exposed port")} are made and filled.`;
    default:
      return "Not enough could be read to tell whether the network endpoint groups are made and filled.";
  }
}
