import type { ComputeState } from "../../src/gcp/join.ts";
import {
  projectBackendService,
  projectEndpoints,
  projectHealth,
  projectHealthCheck,
  projectNeg,
} from "../../src/gcp/projections/backend.ts";
import {
  projectAddress,
  projectForwardingRule,
  projectSslCertificate,
  projectTargetProxy,
  projectUrlMap,
} from "../../src/gcp/projections/frontend.ts";
import { projectFirewall, projectSubnetwork } from "../../src/gcp/projections/network.ts";
import { field, list, text } from "../../src/model/json.ts";
import { known, unknown } from "../../src/model/observed.ts";

/** Projects the Compute Engine objects of a recording. What it did not record is unknown. */
export function computeState(compute: object, readAt: number): ComputeState {
  const all = <T>(collection: string, project: (raw: unknown) => T) =>
    known(list(compute, collection).map((raw) => project(raw)));
  const notRecorded = unknown("loadBalancer", "not-configured", "a recording of this collection");
  return {
    readAt,
    project: "lab-project",
    forwardingRules: all("forwardingRules", projectForwardingRule),
    targetProxies: known([
      ...list(compute, "targetHttpProxies").map((raw) => projectTargetProxy(raw, "HTTP")),
      ...list(compute, "targetHttpsProxies").map((raw) => projectTargetProxy(raw, "HTTPS")),
    ]),
    urlMaps: all("urlMaps", projectUrlMap),
    backendServices: all("backendServices", (raw) =>
      projectBackendService(raw, known(healthOf(compute, raw))),
    ),
    healthChecks: all("healthChecks", projectHealthCheck),
    negs: all("networkEndpointGroups", (raw) =>
      projectNeg(
        raw,
        known(projectEndpoints(list(field(compute, "networkEndpoints"), text(raw, "selfLink") ?? ""))),
      ),
    ),
    certificates: all("sslCertificates", projectSslCertificate),
    addresses: all("addresses", projectAddress),
    firewalls: known(list(compute, "firewalls").flatMap((raw) => projectFirewall(raw) ?? [])),
    subnetworks: all("subnetworks", projectSubnetwork),
    quotas: notRecorded,
    sslPolicies: notRecorded,
  };
}

function healthOf(compute: object, raw: unknown) {
  const groups = field(field(compute, "backendServiceHealth"), text(raw, "selfLink") ?? "");
  return Object.entries((groups ?? {}) as object).flatMap(([group, answer]) =>
    projectHealth(answer, group.split("/zones/")[1]?.split("/")[0] ?? ""),
  );
}
