import type { Observed } from "../model/observed.ts";
import { describeRoute } from "./describe-route.ts";
import type { LiveRoute } from "./live-route.ts";
import { cleanText, duration } from "./text.ts";
import { timeText } from "./time-text.ts";
import type { Topology } from "./topology.ts";

/**
 * Tells in sentences how the live load balancer routes a request, and where that differs from the Ingress, why.
 * Safe to print.
 *
 * @param live undefined inside for a load balancer without a URL map
 */
export function describeLiveRoute(
  live: Observed<LiveRoute | undefined>,
  { settling, now, translation }: Pick<Topology, "settling" | "now" | "translation">,
): string[] {
  if (!live.known) return [`The live URL map was not read: it needs ${cleanText(live.needs)}.`];
  if (live.value === undefined) return ["The load balancer has no URL map."];
  const { urlMap, differs, explanation } = live.value;
  const name = cleanText(urlMap);
  if (!differs) return [`The live URL map ${name} routes it the same way.`];
  const ago = `${timeText(settling.changedAt)} (${duration(now.at - settling.changedAt)} ago)`;
  const why = (): string => {
    if (translation.errors.length > 0)
      return `No change reaches it while the Ingress has errors; the last one was at ${ago}.`;
    return settling.open
      ? `The load balancer still routes as before the ${settling.because} of ${ago}; that may take until ${timeText(settling.until)}.`
      : `The last change was at ${ago}, longer ago than changes take: a sync fails, or somebody edited the map.`;
  };
  return [`The live URL map ${name} routes it differently. There:`, ...describeRoute(explanation), why()];
}
