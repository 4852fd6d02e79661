import type { BackendService, InstanceGroup, LoadBalancer } from "../model/load-balancer.ts";
import type { ObjectRef } from "../model/refs.ts";
import { liveBackendService } from "./live-backend.ts";
import { readOwnBackends } from "./own-backends.ts";
import type { Report } from "./rule.ts";
import type { Backend, Topology } from "./topology.ts";

/** A backend of the user's with the backend service that Compute Engine holds for it. */
export interface LiveBackend {
  readonly backend: Backend;
  readonly live: BackendService;
  readonly loadBalancer: LoadBalancer;
  /** The Service, as the place of a finding. */
  readonly place: { readonly subject: ObjectRef; readonly backend: string };
}

/** The user's backends whose backend service could be read; nothing where Google was not read. */
export function liveBackends(
  { backends, loadBalancer }: Pick<Topology, "backends" | "loadBalancer">,
  report: Pick<Report<never>, "knows">,
): readonly LiveBackend[] {
  if (!report.knows(loadBalancer)) return [];
  return readOwnBackends(backends, report).flatMap(({ backend, service, resolved }) => {
    const found = liveBackendService(
      { service, resolved, serviceNegs: backend.serviceNegs },
      loadBalancer.value,
    );
    if (!report.knows(found) || found.value === undefined) return [];
    const subject = {
      apiVersion: "v1",
      kind: "Service",
      namespace: backend.namespace,
      name: backend.serviceName,
    };
    const place = { subject, backend: backend.key };
    return [{ backend, live: found.value, loadBalancer: loadBalancer.value, place }];
  });
}

/** Backend services by the key of the backend, as far as they could be read; for hints that can do without. */
export function liveServices(
  sources: Pick<Topology, "backends" | "loadBalancer">,
): ReadonlyMap<string, BackendService> {
  const found = liveBackends(sources, { knows: (observed) => observed.known });
  return new Map(found.map(({ backend, live }) => [backend.key, live]));
}

/** The instance groups that a backend service sends to, in order of zone; those that do not exist are left out. */
export function attachedInstanceGroups(
  live: BackendService,
  groups: readonly InstanceGroup[],
): readonly InstanceGroup[] {
  return groups
    .filter((group) => live.groups.some(({ name, zone }) => name === group.name && zone === group.zone))
    .sort((a, b) => (a.zone < b.zone ? -1 : 1));
}
