import type { FrontendConfig } from "../model/gke-config.ts";
import { frontendConfigName } from "./gke/ingress-annotations.ts";
import type { Report } from "./rule.ts";
import type { Topology } from "./topology.ts";

/** The FrontendConfig the Ingress names; undefined where it names none, or none that exists or can be read. */
export function namedFrontendConfig(
  { ingress, frontendConfigs }: Pick<Topology, "ingress" | "frontendConfigs">,
  report: Pick<Report<Readonly<Record<string, string>>>, "knows">,
): FrontendConfig | undefined {
  const name = frontendConfigName(ingress);
  if (name === undefined || !report.knows(frontendConfigs)) return undefined;
  return frontendConfigs.value.find(
    ({ ref }) => ref.namespace === ingress.ref.namespace && ref.name === name,
  );
}
