import { describeLiveRoute } from "../../diagnostics/describe-live-route.ts";
import { describeRoute } from "../../diagnostics/describe-route.ts";
import type { LiveRoute } from "../../diagnostics/live-route.ts";
import type { RouteExplanation } from "../../diagnostics/route.ts";
import { cleanText } from "../../diagnostics/text.ts";
import type { Topology } from "../../diagnostics/topology.ts";
import type { Observed } from "../../model/observed.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { Inventory } from "../inventory.ts";
import type { Terminal } from "../terminal.ts";
import { labelled } from "./layout.ts";

/** The way of one request through one Ingress, as it is written and as the load balancer has it. */
export interface Explained {
  readonly ingress: ObjectRef;
  readonly topology: Topology;
  readonly explanation: RouteExplanation;
  readonly live: Observed<LiveRoute | undefined>;
}

/** The way of a request for people: by the Ingress first, then what the live load balancer does. */
export function routeText(
  found: readonly Explained[],
  origin: Inventory["origin"],
  { width, paint }: Pick<Terminal, "width" | "paint">,
): string {
  const parts = found.map(({ ingress, explanation, live, topology }) => {
    const sentences = [
      ...describeRoute(explanation),
      // Manifests have no load balancer.
      ...(origin === "manifests" ? [] : describeLiveRoute(live, topology)),
    ];
    return [
      paint("strong", cleanText(`Ingress ${ingress.namespace}/${ingress.name}`)),
      ...sentences.flatMap((sentence) => labelled("  ", sentence, width)),
    ].join("\n");
  });
  return `${parts.join("\n\n")}\n`;
}

/** The same for programs. */
export function routeData({ ingress, explanation, live, topology }: Explained): object {
  return {
    ingress: { namespace: ingress.namespace, name: ingress.name },
    ...explanation,
    sentences: describeRoute(explanation),
    live: live.known
      ? {
          urlMap: live.value?.urlMap,
          differs: live.value?.differs,
          ...live.value?.explanation,
          sentences: describeLiveRoute(live, topology),
        }
      : { undecided: { reason: live.reason, needs: live.needs } },
  };
}
