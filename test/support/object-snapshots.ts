import type { StandaloneSources } from "../../src/diagnostics/standalone-negs.ts";
import { watchedKinds } from "../../src/kubernetes/kinds.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import { known, unknown } from "../../src/model/observed.ts";
import type { Service } from "../../src/model/service.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { CachedTypes } from "../../src/reconciler/ports.ts";

/** A Kubernetes object as JSON. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Snapshots of every Ingress among raw objects, taken at `takenAt`; everything not among them is absent. */
export function snapshotsOf(objects: readonly RawObject[], takenAt: number): readonly Snapshot[] {
  const { sources, ingresses } = sourcesOf(objects, takenAt);
  return ingresses.map((ingress) => ({
    ...sources,
    ingress,
    ingresses: known(ingresses.filter((other) => other !== ingress)),
  }));
}

/** What snapshots of raw objects share, and the Ingresses among them. */
export function sourcesOf(
  objects: readonly RawObject[],
  takenAt: number,
): { readonly sources: StandaloneSources; readonly ingresses: readonly Ingress[] } {
  const models = projectAll(objects);
  const services = [...models.services];
  const isSystemDefault = ({ ref }: Service) =>
    ref.namespace === "kube-system" && ref.name === "default-http-backend";
  const sources: StandaloneSources = {
    takenAt,
    ingresses: known(models.ingresses),
    services: known(services),
    systemDefaultBackend: known(services.find(isSystemDefault)),
    endpointSlices: known(models.endpointSlices),
    pods: known(models.pods),
    workloads: known(models.workloads),
    backendConfigs: known(models.backendConfigs),
    frontendConfigs: known(models.frontendConfigs),
    managedCertificates: known(models.managedCertificates),
    serviceNegs: known(models.serviceNegs),
    nodes: known(models.nodes),
    secrets: known(models.secrets),
    networkPolicies: known(models.networkPolicies),
    events: known(models.events),
    loadBalancer: unknown("loadBalancer", "not-configured", "Google credentials"),
    probes: unknown("probes", "not-configured", "the --probe option"),
  };
  return { sources, ingresses: models.ingresses };
}

type Models = { readonly [Kind in keyof CachedTypes]: readonly CachedTypes[Kind][] };

/** Projects raw objects of every kind the controller watches; other kinds are left out. */
export function projectAll(objects: readonly RawObject[]): Models {
  const models: Record<string, unknown[]> = {};
  for (const kind of watchedKinds) {
    const projected = objects
      .filter((object) => object.kind === kind.kind && groupOf(object) === kind.group)
      .map((object) => kind.project(object))
      .filter((model) => model !== undefined);
    models[kind.source] = [...(models[kind.source] ?? []), ...projected];
  }
  return models as unknown as Models;
}

function groupOf({ apiVersion }: RawObject): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}
