import { asksGoogle } from "../diagnostics/asks-google.ts";
import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { LoadBalancer } from "../model/load-balancer.ts";
import type { Observed } from "../model/observed.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Clock, StoredStatus } from "./ports.ts";
import { subjectKey } from "./stored-status.ts";

/**
 * How long after a start a published diagnosis stands while Google's or a pod's first answer is awaited. What a
 * process reads anew would else be withdrawn and found again at every restart.
 */
export const FIRST_ANSWERS_MS = 120_000;

/** Decides for how long what an earlier process published stands in place of what this one finds. */
export class FirstAnswers {
  readonly #clock: Clock;
  /** Monotonic time of the first question. */
  #startedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Milliseconds for which `stored` is to stand; 0 where `diagnosis` is to be published. Bad news from the cluster
   * itself and an answer to a changed Ingress wait for nobody.
   */
  patienceMs(snapshot: Snapshot, diagnosis: Diagnosis, stored: StoredStatus): number {
    const now = this.#clock.monotonic();
    this.#startedAt ??= now;
    const left = this.#startedAt + FIRST_ANSWERS_MS - now;
    const isHeld = left > 0 && awaitsFirstAnswer(snapshot) && !saysMore(snapshot, diagnosis, stored);
    return isHeld ? left : 0;
  }
}

/** Findings that Google's word might refute are no news. */
function saysMore(
  snapshot: Snapshot,
  { observedGeneration, findings }: Diagnosis,
  stored: StoredStatus,
): boolean {
  const said = new Set(stored.findings.map(({ code, subject }) => `${code} ${subject}`));
  const isNews = ({ code, severity, subject }: Finding) =>
    severity !== "info" && !said.has(`${code} ${subjectKey({ ...subject })}`) && !asksGoogle(code, snapshot);
  return stored.observedGeneration !== observedGeneration || findings.some(isNews);
}

/**
 * Whether something beside the cluster, Google or a pod, was asked for this snapshot and has not answered yet.
 *
 * A diagnosis of such a snapshot lacks what the process before this one knew.
 */
function awaitsFirstAnswer({ loadBalancer, probes }: Snapshot): boolean {
  if (isAwaited(loadBalancer) || isAwaited(probes)) return true;
  return loadBalancer.known && answersOf(loadBalancer.value).some(isAwaited);
}

function answersOf({ readAt: _readAt, project: _project, ...parts }: LoadBalancer): Observed<unknown>[] {
  const { backendServices, negs } = parts;
  const health = backendServices.known ? backendServices.value.map((backend) => backend.health) : [];
  const endpoints = negs.known ? negs.value.map((neg) => neg.endpoints) : [];
  return [...Object.values(parts), ...health, ...endpoints];
}

function isAwaited(answer: Observed<unknown>): boolean {
  return !answer.known && answer.reason === "not-synced";
}
