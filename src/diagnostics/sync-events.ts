import type { KubeEvent } from "../model/event.ts";
import type { Ingress } from "../model/ingress.ts";
import { mapObserved, type Observed } from "../model/observed.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { builtObjects } from "./gke/status-annotations.ts";
import type { Moment } from "./moment.ts";
import type { SyncCause } from "./sync/causes.ts";
import { classifySyncError, unwrappedError } from "./sync/classify.ts";
import { type FirewallRequest, parseFirewallRequest } from "./sync/firewall-request.ts";
import { isNegErrorOver } from "./sync/neg-errors.ts";
import { ingressPhase, reachedStep, type SyncPhase, syncRank } from "./sync/phase.ts";
import { isForgotten, mayDropEvents, type SyncEvidence, standingErrors } from "./sync/standing-errors.ts";
import { splitTranslationErrors } from "./sync/translation-causes.ts";
import { cleanText } from "./text.ts";

/** An error that GKE's controllers report and that nothing newer contradicts. Times are epoch milliseconds. */
export interface SyncError {
  readonly phase: SyncPhase;
  readonly cause: SyncCause;
  /** The object the Event is about: the Ingress, one of its Services, or a ServiceNetworkEndpointGroup. */
  readonly subject: ObjectRef;
  /** The error without the controller's wrapping, cleaned and bounded. */
  readonly text: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
}

/** What the Events about an Ingress and its Services say now. */
export interface SyncHistory {
  /** Current errors, newest first. */
  readonly errors: readonly SyncError[];
  /** Firewall changes asked for, newest first; one per rule and action. */
  readonly firewallRequests: readonly FirewallRequest[];
  /** Newest Event of the load balancer controller about the Ingress; undefined when it never sent one. */
  readonly lastEventAt?: number;
  /** Newest "Scheduled for sync". It says that a sync began, not that it succeeded. */
  readonly lastScheduledAt?: number;
  /** True when the controller has sent so many Events that newer ones may have been dropped on the way. */
  readonly eventsDropped: boolean;
  /** Newest proof that a sync went through; undefined while one of its errors stands. */
  readonly lastSuccessAt?: number;
}

/** Components of GKE under which its controllers report; older API servers leave the component out. */
const LOAD_BALANCER_CONTROLLER: ReadonlySet<string> = new Set(["loadbalancer-controller", ""]);
const INGRESS_COMPONENTS: ReadonlySet<string> = new Set([
  ...LOAD_BALANCER_CONTROLLER,
  "managed-certificate-controller",
]);
const NEG_COMPONENTS: ReadonlySet<string> = new Set(["neg-controller", ""]);

/** A sync that reports no error within this time has gone through, in milliseconds. */
const SYNC_TIME_MS = 30_000;

interface TimedSnapshot extends Snapshot {
  readonly now: Moment;
}

/** Reads the Events of a snapshot; unknown exactly when they are. */
export function syncHistory(snapshot: Snapshot, now: Moment): Observed<SyncHistory> {
  return mapObserved(snapshot.events, (events) => historyOf({ ...snapshot, now }, events));
}

function historyOf(snapshot: TimedSnapshot, events: readonly KubeEvent[]): SyncHistory {
  const { ingress } = snapshot;
  const own = events.filter(
    (event) => INGRESS_COMPONENTS.has(event.component) && isAbout(event, ingress.ref, ingress.uid),
  );
  const evidence = evidenceOf(snapshot, own);
  const requests = firewallRequests(own.filter(({ lastAt }) => !isForgotten(lastAt, evidence)));
  const warnings = own.filter(({ type, message }) => type === "Warning" && !parseFirewallRequest(message));
  const reported = warnings.flatMap((event) => errorsIn(event, ingress));
  const errors = merged([
    ...standingErrors(merged(reported), evidence),
    ...negErrors({ ...snapshot, namespace: ingress.ref.namespace, names: servicesOf(ingress) }, events),
  ]);
  const byController = own.filter(({ component }) => LOAD_BALANCER_CONTROLLER.has(component));
  return {
    errors,
    firewallRequests: requests,
    eventsDropped: mayDropEvents(evidence),
    ...optional("lastEventAt", newest(byController)),
    ...optional("lastScheduledAt", evidence.lastScheduledAt),
    ...optional("lastSuccessAt", lastSuccess(evidence, errors)),
  };
}

/** What the NEG controller says of one Service that no Ingress uses; unknown exactly when Events are. */
export function negHistory(
  snapshot: Omit<Snapshot, "ingress">,
  service: ObjectRef,
  now: Moment,
): Observed<SyncHistory> {
  const concerned = { ...snapshot, now, namespace: service.namespace, names: new Set([service.name]) };
  return mapObserved(snapshot.events, (events) => ({
    errors: merged(negErrors(concerned, events)),
    firewallRequests: [],
    eventsDropped: false,
  }));
}

/** By UID, because an object of the same name may have been deleted and made again; by name only without one. */
function isAbout({ about }: KubeEvent, ref: ObjectRef, uid: string): boolean {
  if (about.kind !== ref.kind) return false;
  if (about.uid !== "" && uid !== "") return about.uid === uid;
  return about.namespace === ref.namespace && about.name === ref.name;
}

function errorsIn(event: KubeEvent, ingress: Ingress): readonly SyncError[] {
  const phase = ingressPhase(event);
  const text = unwrappedError(event.message);
  const texts = phase === "translation" ? splitTranslationErrors(text) : [text];
  return texts.map((one) => syncError({ event, phase, subject: ingress.ref, text: one }));
}

function syncError(input: {
  readonly event: KubeEvent;
  readonly phase: SyncPhase;
  readonly subject: ObjectRef;
  readonly text: string;
}): SyncError {
  const { event, phase, subject, text } = input;
  const { firstAt, lastAt, count } = event;
  return { phase, cause: classifySyncError(text), subject, text: cleanText(text), firstAt, lastAt, count };
}

function evidenceOf({ now, ingress }: TimedSnapshot, own: readonly KubeEvent[]): SyncEvidence {
  const { urlMap } = builtObjects(ingress);
  return {
    now,
    lastScheduledAt: newest(
      own.filter(({ message }) => /\bScheduled for sync\b/.test(message.slice(0, 128))),
    ),
    progress: own.flatMap((event) => {
      const step = event.type === "Normal" ? reachedStep(event) : undefined;
      return step === undefined ? [] : [{ step, at: event.lastAt }];
    }),
    everBuilt: urlMap !== undefined,
    eventCount: own.reduce((sum, { count }) => sum + count, 0),
  };
}

/** A sync that was scheduled, has had its time and left no error has gone through. */
function lastSuccess(evidence: SyncEvidence, errors: readonly SyncError[]): number | undefined {
  const { now, lastScheduledAt, progress, everBuilt } = evidence;
  if (errors.some(({ phase }) => syncRank(phase) !== undefined)) return undefined;
  const times = progress.map(({ at }) => at);
  if (everBuilt && lastScheduledAt !== undefined && now.hasCome(lastScheduledAt + SYNC_TIME_MS))
    times.push(lastScheduledAt);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The Services whose NEGs are concerned, with what their Events are judged by. */
interface ConcernedServices extends Pick<Snapshot, "services" | "serviceNegs"> {
  readonly now: Moment;
  readonly namespace: string;
  readonly names: ReadonlySet<string>;
}

/** Errors of the NEG controller about Services and about their NEGs. */
function negErrors(concerned: ConcernedServices, events: readonly KubeEvent[]): readonly SyncError[] {
  const { now, namespace, names } = concerned;
  const services = concerned.services.known ? concerned.services.value : [];
  const negs = concerned.serviceNegs.known ? concerned.serviceNegs.value : [];
  const byNegController = events.filter(
    ({ component, about }) => NEG_COMPONENTS.has(component) && about.namespace === namespace,
  );
  return [...names].flatMap((name) => {
    const service = services.find(({ ref }) => ref.name === name && ref.namespace === namespace);
    const own = negs.filter((neg) => neg.service === name && neg.ref.namespace === namespace);
    const serviceRef = service?.ref ?? { apiVersion: "v1", kind: "Service", namespace, name };
    const said = byNegController.filter(
      (event) =>
        isAbout(event, serviceRef, service?.uid ?? "") || own.some(({ ref }) => isAbout(event, ref, "")),
    );
    const standing = said.filter(
      (event) =>
        event.type === "Warning" && !isNegErrorOver(event, { now, service, negs: own, events: said }),
    );
    return standing.map((event) => {
      const subject = own.find(({ ref }) => isAbout(event, ref, ""))?.ref ?? serviceRef;
      return syncError({ event, phase: "neg", subject, text: unwrappedError(event.message) });
    });
  });
}

/** Names of the Services that the Ingress sends traffic to. */
function servicesOf({ defaultBackend, rules }: Ingress): ReadonlySet<string> {
  const backends = rules.flatMap((rule) => (rule.paths ?? []).map((path) => path.backend));
  if (defaultBackend !== undefined) backends.push(defaultBackend);
  return new Set(backends.flatMap((backend) => (backend.kind === "service" ? [backend.service] : [])));
}

/** One error for Events that say the same of the same object; newest first, in a total order. */
function merged(errors: readonly SyncError[]): readonly SyncError[] {
  const byText = new Map<string, SyncError>();
  for (const error of errors) {
    const key = JSON.stringify([error.phase, error.subject, error.text]);
    const other = byText.get(key);
    byText.set(key, other === undefined ? error : { ...error, ...combinedTimes(error, other) });
  }
  return [...byText.entries()]
    .sort(([keyA, a], [keyB, b]) => b.lastAt - a.lastAt || (keyA < keyB ? -1 : 1))
    .map(([, error]) => error);
}

function combinedTimes(a: SyncError, b: SyncError) {
  return {
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    count: a.count + b.count,
  };
}

/** Requests in Events of any type: the controller sends them as Normal, with reason `XPN` or `Sync`. */
function firewallRequests(own: readonly KubeEvent[]): readonly FirewallRequest[] {
  const byRule = new Map<string, FirewallRequest>();
  const ordered = [...own].sort((a, b) => b.lastAt - a.lastAt || (a.message < b.message ? -1 : 1));
  for (const { message, firstAt, lastAt } of ordered) {
    const request = parseFirewallRequest(message);
    const key = request && `${request.action} ${request.rule}`;
    if (request && key && !byRule.has(key)) byRule.set(key, { ...request, firstAt, lastAt });
  }
  return [...byRule.values()];
}

function newest(events: readonly KubeEvent[]): number | undefined {
  return events.length === 0 ? undefined : Math.max(...events.map(({ lastAt }) => lastAt));
}

function optional<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: number };
}
