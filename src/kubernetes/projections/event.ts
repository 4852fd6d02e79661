import type { KubeEvent } from "../../model/event.ts";
import { boundedText, filledText, number, record, text, time } from "../../model/json.ts";

/** Projects a raw Event of core/v1 or events.k8s.io/v1; accepts any JSON and never throws. */
export function projectEvent(raw: unknown): KubeEvent {
  const metadata = record(raw, "metadata");
  const about = record(raw, "involvedObject") ?? record(raw, "regarding");
  const times = eventTimes(raw);
  return Object.freeze({
    namespace: text(metadata, "namespace") ?? "",
    name: text(metadata, "name") ?? "",
    about: Object.freeze({
      kind: text(about, "kind") ?? "",
      namespace: text(about, "namespace") ?? "",
      name: text(about, "name") ?? "",
      uid: text(about, "uid") ?? "",
    }),
    type: text(raw, "type") ?? "",
    reason: text(raw, "reason") ?? "",
    message: boundedText(raw, "message") || boundedText(raw, "note"),
    component: eventComponent(raw),
    count: eventCount(raw),
    ...times,
  });
}

function eventComponent(raw: unknown): string {
  return (
    filledText(raw, "reportingComponent") ??
    filledText(raw, "reportingController") ??
    filledText(record(raw, "source"), "component") ??
    text(record(raw, "deprecatedSource"), "component") ??
    ""
  );
}

/** A series counts its occurrences itself; the older fields stay where the first recorder left them. */
function eventCount(raw: unknown): number {
  return (
    number(record(raw, "series"), "count") || number(raw, "count") || number(raw, "deprecatedCount") || 1
  );
}

function eventTimes(raw: unknown): { readonly firstAt: number; readonly lastAt: number } {
  const created = time(record(raw, "metadata"), "creationTimestamp") ?? 0;
  const eventTime = time(raw, "eventTime");
  const first = time(raw, "firstTimestamp") ?? time(raw, "deprecatedFirstTimestamp") ?? eventTime;
  const seen = [
    time(record(raw, "series"), "lastObservedTime"),
    time(raw, "lastTimestamp"),
    time(raw, "deprecatedLastTimestamp"),
    eventTime,
    first,
  ].filter((at) => at !== undefined);
  return { firstAt: first ?? created, lastAt: seen.length === 0 ? created : Math.max(...seen) };
}
