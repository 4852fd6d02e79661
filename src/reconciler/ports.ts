import type { KubeEvent } from "../model/event.ts";
import type {
  BackendConfig,
  FrontendConfig,
  ManagedCertificate,
  NetworkPolicy,
  SecretFacts,
  ServiceNeg,
} from "../model/gke-config.ts";
import type { Ingress } from "../model/ingress.ts";
import type { LoadBalancer } from "../model/load-balancer.ts";
import type { Observed } from "../model/observed.ts";
import type { Node, Pod, Workload } from "../model/pod.ts";
import type { ProbeResult } from "../model/probe.ts";
import type { ObjectKey, ObjectRef, StringMap } from "../model/refs.ts";
import type { EndpointSlice, Service } from "../model/service.ts";

/** Every kind of object the caches hold, with its projected type. */
export interface CachedTypes {
  readonly ingresses: Ingress;
  readonly services: Service;
  readonly endpointSlices: EndpointSlice;
  readonly pods: Pod;
  /** Deployments and StatefulSets together. */
  readonly workloads: Workload;
  readonly backendConfigs: BackendConfig;
  readonly frontendConfigs: FrontendConfig;
  readonly managedCertificates: ManagedCertificate;
  readonly serviceNegs: ServiceNeg;
  readonly nodes: Node;
  readonly secrets: SecretFacts;
  readonly networkPolicies: NetworkPolicy;
  readonly events: KubeEvent;
  readonly diagnoses: StoredDiagnosis;
}

/** Name of one cached kind. */
export type CachedKind = keyof CachedTypes;

/**
 * Synchronous reads of one kind from a cache; never a request.
 *
 * The answer is unknown while the first complete list is missing, when the API refuses the kind, and when its
 * resource type is not served (reason `not-configured`). A namespace that is not watched answers `not-configured`.
 * Values are frozen and shared: a list is the caller's to keep, not to change. Lists have no order.
 */
export interface Lister<T> {
  /** One object; `known(undefined)` says that it does not exist. Keys of cluster-scoped objects are `/name`. */
  get(key: ObjectKey): Observed<T | undefined>;
  /** Every object of one namespace, in time proportional to the answer. */
  inNamespace(namespace: string): Observed<readonly T[]>;
  /** Every object of every watched namespace. */
  all(): Observed<readonly T[]>;
}

/** A lister of objects that belong to one Service each, by the label that names it. */
export interface ServiceOwnedLister<T> extends Lister<T> {
  /** Objects of the namespace of `service` whose Service label names it. */
  ofService(service: ObjectKey): Observed<readonly T[]>;
}

/** A lister of Pods by label. */
export interface PodLister extends Lister<Pod> {
  /** Pods of one namespace that carry every label of `selector`; an empty selector matches none. */
  matching(namespace: string, selector: StringMap): Observed<readonly Pod[]>;
}

/** A lister of Events by the object they are about. */
export interface EventLister extends Lister<KubeEvent> {
  /** Events about one object, by kind, namespace and name; an Event about an earlier object of that name is included. */
  about(object: Pick<ObjectRef, "kind" | "namespace" | "name">): Observed<readonly KubeEvent[]>;
}

/** The diagnoses in the cluster as they are stored now. */
export interface DiagnosisLister {
  /** The stored diagnosis; undefined when it does not exist or cannot be read (see {@link Listers.state}). */
  get(key: ObjectKey): StoredDiagnosis | undefined;
  /** Every stored diagnosis, for finding those whose Ingress is gone; empty when they cannot be read. */
  all(): readonly StoredDiagnosis[];
}

/**
 * How the watch of one kind stands.
 *
 * - `starting`: no complete list yet;
 * - `synced`: a complete list arrived; stays so while the watch reconnects;
 * - `forbidden`: the API refuses list or watch;
 * - `absent`: the resource type is not served;
 * - `off`: not watched by configuration.
 */
export interface KindState {
  readonly phase: "starting" | "synced" | "forbidden" | "absent" | "off";
  readonly objects: number;
  /** Epoch milliseconds of the last byte from the API server; undefined before the first. */
  readonly lastContactAt?: number;
}

/** Every cache of the process. One object; methods never throw. */
export interface Listers {
  readonly ingresses: Lister<Ingress>;
  readonly services: Lister<Service>;
  readonly endpointSlices: ServiceOwnedLister<EndpointSlice>;
  readonly pods: PodLister;
  readonly workloads: Lister<Workload>;
  readonly backendConfigs: Lister<BackendConfig>;
  readonly frontendConfigs: Lister<FrontendConfig>;
  readonly managedCertificates: Lister<ManagedCertificate>;
  readonly serviceNegs: ServiceOwnedLister<ServiceNeg>;
  readonly nodes: Lister<Node>;
  readonly secrets: Lister<SecretFacts>;
  readonly networkPolicies: Lister<NetworkPolicy>;
  readonly events: EventLister;
}

/** One object that came, changed or went. At least one of `before` and `after` is there. */
export interface Change<K extends CachedKind = CachedKind> {
  readonly kind: K;
  readonly before?: CachedTypes[K];
  readonly after?: CachedTypes[K];
}

/** A {@link Change} of any kind, discriminated by `kind`. */
export type AnyChange = { [K in CachedKind]: Change<K> }[CachedKind];

/** Receives cache changes; its methods are synchronous, short and do not throw. */
export interface ChangeListener {
  /**
   * Called once per object after the caches already answer the new state, only when the projection differs.
   * Objects of a first list are reported too, as `after` without `before`.
   */
  changed(change: AnyChange): void;
  /** Called when a kind enters another {@link KindState.phase}, after its objects were reported. */
  phaseChanged(kind: CachedKind, state: KindState): void;
}

/** The watches behind the {@link Listers}. */
export interface WatchSource {
  readonly listers: Listers;
  readonly diagnoses: DiagnosisLister;
  state(kind: CachedKind): KindState;
  /** Subscribes for the life of the process; call it before {@link start}. */
  subscribe(listener: ChangeListener): void;
  /** Starts every watch and returns at once; watches retry for ever by themselves. */
  start(): void;
  /** Ends every watch; no listener is called afterwards. */
  stop(): Promise<void>;
}

/** The part of a published status that the next publication needs; the rest is kept as a digest. */
export interface StoredStatus {
  /** Of the whole status in canonical form; equal digests mean equal statuses. */
  readonly digest: string;
  readonly verdict: string;
  readonly causeCode?: string;
  /** Generation of the Ingress it was said of. */
  readonly observedGeneration?: number;
  /** Epoch milliseconds; undefined when absent or malformed. */
  readonly lastTransitionAt?: number;
  /** `since` is the transition time as written; empty when absent. */
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly since: string }[];
  readonly findings: readonly StoredFinding[];
}

/** Identity of a finding that was published. */
export interface StoredFinding {
  readonly code: string;
  readonly severity: string;
  /** `Kind/namespace/name`. */
  readonly subject: string;
}

/** Reduces the raw `status` of an IngressDiagnosis, whatever it holds. The adapter calls it while projecting. */
export type StatusProjection = (status: unknown) => StoredStatus | undefined;

/** An IngressDiagnosis as stored. */
export interface StoredDiagnosis {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly resourceVersion: string;
  /** uid of the owning Ingress, from the owner reference of kind Ingress; undefined when there is none. */
  readonly ownerUid?: string;
  /** True while a deletion waits for finalizers. */
  readonly deleting: boolean;
  /** Undefined before the first status was written. */
  readonly status?: StoredStatus;
}

/**
 * What became of a write.
 *
 * - `gone`: the object does not exist (any more); `unserved`: the resource type is not installed;
 * - `rejected`: the server refused the content (422, 413), the same bytes will be refused again;
 * - `conflict`: somebody else was faster, and what is stored is not what the writer took it for;
 * - `throttled`: 429; `failed`: network, timeout, 5xx; `aborted`: the signal fired, or not the leader.
 */
export type WriteFailure =
  | {
      readonly outcome: "gone" | "unserved" | "forbidden" | "rejected" | "conflict" | "failed" | "aborted";
    }
  | { readonly outcome: "throttled"; readonly retryAfterMs: number | undefined };

/** Answer of a {@link DiagnosisWriter}: the object after the write, or why there was none. */
export type DiagnosisWriteResult =
  | { readonly outcome: "written"; readonly stored: StoredDiagnosis }
  | WriteFailure;

/**
 * Writes IngressDiagnoses by server-side apply with one field manager and force. Never rejects, never retries,
 * never compares: whether a write is needed is decided by the caller. Every call has a deadline of its own.
 */
export interface DiagnosisWriter {
  /**
   * Applies name, namespace and the owner reference (`controller: true`, no `blockOwnerDeletion`) of an
   * IngressDiagnosis, which creates it when it is missing and replaces a stale owner.
   */
  ensure(owner: IngressOwner, signal: AbortSignal): Promise<DiagnosisWriteResult>;
  /**
   * Applies the whole status of the object in this version; `gone` when that object no longer exists, `conflict`
   * when it was changed since, so that of two writers each sees what the other one said before it speaks.
   */
  applyStatus(target: VersionedTarget, status: object, signal: AbortSignal): Promise<DiagnosisWriteResult>;
  /** Deletes the object with this uid; `written` never, `gone` when it is deleted now. */
  remove(target: StoredTarget, signal: AbortSignal): Promise<WriteFailure>;
}

/** The Ingress that owns a diagnosis of the same name and namespace. */
export interface IngressOwner {
  readonly ref: ObjectRef;
  readonly uid: string;
}

/** One stored IngressDiagnosis, guarded by its uid. */
export interface StoredTarget {
  readonly key: ObjectKey;
  readonly uid: string;
}

/** One stored IngressDiagnosis in the version that a new status follows from. */
export interface VersionedTarget {
  readonly key: ObjectKey;
  readonly resourceVersion: string;
}

/** An `events.k8s.io/v1` Event to be created. Strings are cleaned and within the API's limits already. */
export interface EventRequest {
  /** Deterministic: the same fact has the same name. */
  readonly name: string;
  readonly regarding: ObjectRef & { readonly uid: string };
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  /** At most 1,024 bytes of UTF-8. */
  readonly note: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Answer of an {@link EventSink}; `exists`: an Event of that name is there already, which is success. */
export type EventResult = { readonly outcome: "written" | "exists" } | WriteFailure;

/** Creates Events through a request budget of its own. Never rejects, never retries. */
export interface EventSink {
  create(event: EventRequest, signal: AbortSignal): Promise<EventResult>;
}

/** Reads what Google holds for one Ingress, from a cache kept fresh elsewhere. Never waits. */
export interface CloudReader {
  observe(ingress: Ingress, services: readonly ObjectKey[]): Observed<LoadBalancer>;
  /** Calls `listener` with the keys of Ingresses whose answer changed. */
  subscribe(listener: (keys: readonly ObjectKey[]) => void): void;
}

/** What endpoints answered when probed, from a cache kept fresh elsewhere. Never waits. */
export interface Prober {
  results(ingress: Ingress): Observed<readonly ProbeResult[]>;
  /** Calls `listener` with the keys of Ingresses whose answer changed. */
  subscribe(listener: (keys: readonly ObjectKey[]) => void): void;
}

/** Whether this process may write. Without leader election it always may. */
export interface Leadership {
  isLeader(): boolean;
  /** Fires once, when leadership is gained; never after it was lost, because losing it ends the process. */
  onGained(listener: () => void): void;
}

/** Time, replaceable in tests. */
export interface Clock {
  /** Wall clock, epoch milliseconds; may jump. */
  now(): number;
  /** Milliseconds that only go forward, for every duration. */
  monotonic(): number;
  /** Calls `callback` once after `milliseconds`; the returned function cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Facts attached to a log line: bounded values, never bodies, headers or tokens. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log. `message` is a constant string; what varies goes into `fields`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Counters that adapters feed; label values come from small fixed sets. */
export interface AdapterMetrics {
  /**
   * One finished request; `verb` is the HTTP method or the API's name of the call, `code` the HTTP status or a word
   * such as `ok`, `timeout` or `reset`.
   */
  requestFinished(client: string, verb: string, code: string, seconds: number): void;
  /** One request that waited because the client allows itself only so many in a time. */
  requestDelayed(client: string, seconds: number): void;
  /** One ended watch stream or list of a kind and why: `expired`, `closed`, `idle`, `reset`, `forbidden`, ... */
  watchEnded(kind: CachedKind, reason: string): void;
  /** One complete list of a kind. */
  listed(kind: CachedKind, objects: number): void;
}
