import type { KubeEvent } from "../../model/event.ts";
import type { ServiceNeg } from "../../model/gke-config.ts";
import type { Service } from "../../model/service.ts";
import type { Moment } from "../moment.ts";

/** What decides whether a NEG error about one Service still holds. */
export interface NegEvidence {
  readonly now: Moment;
  readonly service: Service | undefined;
  readonly negs: readonly ServiceNeg[];
  /** Every Event of the NEG controller about the Service. */
  readonly events: readonly KubeEvent[];
}

/** The NEG controller looks at a changed Service within this time, in milliseconds. */
const REACTION_MS = 60_000;

/** A failing Service is reported at least this often: retries every 1000 s, and one Event in five minutes passes. */
const REPEAT_MS = 40 * 60_000;

/** Reasons of Normal Events that prove the NEG they name to be in order again, by the reason of the error. */
const CURED_BY: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // Attaching runs on its own after a sync, so no sync proves it.
  ["AttachFailed", new Set(["Attach"])],
  ["DetachFailed", new Set(["Detach"])],
  ["EnterDegradedMode", new Set(["ExitDegradedMode"])],
]);
const CURED_BY_SYNC: ReadonlySet<string> = new Set(["Create", "Attach", "Detach", "ExitDegradedMode"]);

/** True when something newer shows that the error in this Event is over. */
export function isNegErrorOver(error: KubeEvent, evidence: NegEvidence): boolean {
  return error.reason === "ProcessServiceFailed"
    ? isServiceProcessed(error, evidence)
    : isNegSynced(error, evidence);
}

/** Existing NEGs go on syncing while their Service is refused, so only a new NEG or a changed Service counts. */
function isServiceProcessed(error: KubeEvent, { now, service, events }: NegEvidence): boolean {
  if (now.hasCome(error.lastAt + REPEAT_MS)) return true;
  if (
    events.some(
      ({ type, reason, lastAt }) => type === "Normal" && reason === "Create" && lastAt > error.lastAt,
    )
  ) {
    return true;
  }
  return (
    service !== undefined && service.changedAt > error.lastAt && now.hasCome(service.changedAt + REACTION_MS)
  );
}

function isNegSynced(error: KubeEvent, { negs, events }: NegEvidence): boolean {
  const place = negPlace(error.message);
  if (place === undefined) return false;
  const cures = CURED_BY.get(error.reason);
  const neg = negs.find(({ ref }) => ref.name === place.neg);
  if (cures === undefined && isSynced(neg) && (neg?.lastSyncAt ?? 0) > error.lastAt) return true;
  return events.some(
    ({ type, reason, lastAt, message }) =>
      type === "Normal" &&
      (cures ?? CURED_BY_SYNC).has(reason) &&
      lastAt > error.lastAt &&
      message.includes(place.neg) &&
      (place.zone === undefined || message.includes(`zone "${place.zone}"`)),
  );
}

function isSynced(neg: ServiceNeg | undefined): boolean {
  return neg?.conditions.some(({ type, status }) => type === "Synced" && status === "True") ?? false;
}

/** `NEG "name"` with its zone where the text gives one; the key of a degraded NEG stands without quotes. */
function negPlace(message: string): { readonly neg: string; readonly zone?: string } | undefined {
  const head = message.slice(0, 2048);
  const [, neg, zone] = /\bNEG "([^"]{1,128})"(?: in zone "([^"]{1,64})")?/.exec(head) ?? [];
  if (neg !== undefined) return zone === undefined ? { neg } : { neg, zone };
  const key = /\bNEG ([^\s"]{1,512}) due to\b/.exec(head)?.[1];
  return key === undefined ? undefined : { neg: key };
}
