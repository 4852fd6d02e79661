import type { KubeEvent } from "../../model/event.ts";
import type { Observed } from "../../model/observed.ts";
import type { Pod } from "../../model/pod.ts";

/**
 * The newest Event of the wanted kind about a pod, by UID.
 *
 * Events only add detail to what the pod's status says, so unreadable ones leave a rule decided.
 */
export function newestPodEvent(
  events: Observed<readonly KubeEvent[]>,
  pod: Pod,
  wanted: (event: KubeEvent) => boolean,
): KubeEvent | undefined {
  if (!events.known) return undefined;
  return events.value
    .filter((event) => event.about.kind === "Pod" && event.about.uid === pod.uid && wanted(event))
    .reduce<KubeEvent | undefined>((best, event) => (isNewer(event, best) ? event : best), undefined);
}

function isNewer(event: KubeEvent, than: KubeEvent | undefined): boolean {
  if (than === undefined) return true;
  return event.lastAt > than.lastAt || (event.lastAt === than.lastAt && event.message < than.message);
}
