import type { Ingress } from "../model/ingress.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { buildBackend, indexOf } from "./build-backend.ts";
import { backendKey } from "./gke/backend.ts";
import { frontendConfigName } from "./gke/ingress-annotations.ts";
import { ingressOwnership } from "./gke/ingress-class.ts";
import { lookupIn } from "./gke/lookup.ts";
import { translateIngress } from "./gke/translate.ts";
import { momentOf } from "./moment.ts";
import { settlingOf } from "./settling.ts";
import { syncHistory } from "./sync-events.ts";
import type { Backend, Route, Topology } from "./topology.ts";

/** Indexes a snapshot along the request path and lets the GKE model judge it once. */
export function buildTopology(snapshot: Snapshot): Topology {
  const { ingress, takenAt } = snapshot;
  const now = momentOf(takenAt);
  const lookup = lookupIn(snapshot);
  const translation = translateIngress(ingress, lookup);
  const routes = routesOf(ingress);
  const index = indexOf(snapshot, routes);
  const backends = translation.targets.map((target) => buildBackend(snapshot, index, target));
  return {
    ...snapshot,
    now,
    ownership: ingressOwnership(ingress),
    translation,
    routes,
    backends,
    sync: syncHistory(snapshot, now),
    settling: settlingOf(now, ingress, dependenciesOf(snapshot, backends)),
  };
}

/** What the Ingress writes, path by path. */
function routesOf(ingress: Ingress): readonly Route[] {
  return ingress.rules.flatMap((rule, ruleIndex) =>
    (rule.paths ?? []).map(({ path, pathType, backend }, pathIndex) => ({
      host: rule.host === "" ? "*" : rule.host,
      path,
      pathType: pathType ?? "ImplementationSpecific",
      field: `spec.rules[${ruleIndex}].http.paths[${pathIndex}]`,
      ruleIndex,
      pathIndex,
      backend:
        backend.kind === "service"
          ? backendKey(ingress.ref.namespace, backend.service, backend.port)
          : undefined,
    })),
  );
}

/** Objects whose change reaches the load balancer only after a while. */
function dependenciesOf(
  snapshot: Snapshot,
  backends: readonly Backend[],
): readonly { readonly changedAt: number }[] {
  const name = frontendConfigName(snapshot.ingress);
  const frontendConfigs = snapshot.frontendConfigs.known ? snapshot.frontendConfigs.value : [];
  const own = backends.filter((backend) => backend.origin !== "system-default");
  return [
    ...frontendConfigs.filter(
      ({ ref }) => ref.name === name && ref.namespace === snapshot.ingress.ref.namespace,
    ),
    ...own.flatMap(({ service }) => (service.known && service.value ? [service.value] : [])),
    ...own.flatMap(({ backendConfig }) =>
      backendConfig.known && backendConfig.value ? [backendConfig.value] : [],
    ),
  ];
}
