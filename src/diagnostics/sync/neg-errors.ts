import type { KubeEvent } from "../../model/event.ts";
import type { ServiceNeg } from "../../model/gke-config.ts";
import type { Service } from "../../model/service.ts";

/** What decides whether a NEG error about one Service still holds. */
export interface NegEvidence {
  readonly now: number;
  readonly service: Service | undefined;
  readonly negs: readonly ServiceNeg[];
  /** Every Event of the NEG controller about the Service. */
  readonly events: readonly KubeEvent[];
}

/** The NEG controller looks at a changed Service within this time, in milliseconds. */
const REACTION_MS = 60_000;

/** A failing Service is reported at least this often: retries every 1000 s, and one Event in five minutes passes. */
const REPEAT_MS = 40 * 60_000;

/** Normal Events that prove the NEG in their text to be in order again. */
const NEG_SUCCESS: ReadonlySet<string> = new Set(["Create", "Attach", "Detach", "ExitDegradedMode"]);

/** True when something newer shows that the error in this Event is over. */
export function isNegErrorOver(error: KubeEvent, evidence: NegEvidence): boolean {
  return error.reason === "ProcessServiceFailed"
    ? isServiceProcessed(error, evidence)
    : isNegSynced(error, evidence);
}

/** Existing NEGs go on syncing while their Service is refused, so only a new NEG or a changed Service counts. */
function isServiceProcessed(error: KubeEvent, { now, service, events }: NegEvidence): boolean {
  if (now - error.lastAt > REPEAT_MS) return true;
  if (
    events.some(
      ({ type, reason, lastAt }) => type === "Normal" && reason === "Create" && lastAt > error.lastAt,
    )
  ) {
    return true;
  }
  return service !== undefined && service.changedAt > error.lastAt && now - service.changedAt > REACTION_MS;
}

function isNegSynced(error: KubeEvent, { negs, events }: NegEvidence): boolean {
  const name = quotedNeg(error.message);
  if (name === undefined) return false;
  const neg = negs.find(({ ref }) => ref.name === name);
  const synced = neg?.conditions.some(({ type, status }) => type === "Synced" && status === "True") ?? false;
  if (synced && neg?.lastSyncAt !== undefined && neg.lastSyncAt > error.lastAt) return true;
  return events.some(
    ({ type, reason, lastAt, message }) =>
      type === "Normal" && NEG_SUCCESS.has(reason) && lastAt > error.lastAt && message.includes(name),
  );
}

/** `NEG "name"`, or the syncer key of a degraded NEG, which holds the name between others. */
function quotedNeg(message: string): string | undefined {
  return /\bNEG "([^"]{1,128})"/.exec(message.slice(0, 2048))?.[1];
}
