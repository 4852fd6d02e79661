import { describe, expect, it } from "vitest";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { probeTargets } from "../../src/diagnostics/probe-targets.ts";
import type { HealthCheck } from "../../src/model/load-balancer.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { container, endpoint, httpProbe, pod, ref, slice } from "../support/builders.ts";
import { backendService, health, healthCheck, loadBalancer } from "../support/load-balancers.ts";
import {
  nodePortService,
  podsWith,
  reportedNodePort,
  unhealthy,
  unprobed,
  withHealthCheck,
} from "../support/unhealthy.ts";

/** What is asked of the first pod, e.g. `HTTP 8080 /`. */
function asked(given: Snapshot): readonly string[] {
  return probeTargets(buildTopology(given))
    .filter(({ pod: name }) => name === "web-1")
    .map(
      ({ scheme, port, path, asks }) => `${scheme} ${port} ${path}${asks === "health-check" ? "" : " too"}`,
    );
}

/** Google has this health check for the backend and calls both endpoints unhealthy. */
function googleHas(check: Partial<HealthCheck>): Snapshot {
  const sick = { state: "UNHEALTHY" };
  return unhealthy({
    loadBalancer: known(
      loadBalancer({
        backendServices: known([backendService({ health: known([health(1, sick), health(2, sick)]) })]),
        healthChecks: known([healthCheck(check)]),
      }),
    ),
  });
}

describe("what is asked of an unhealthy backend", () => {
  it("is what GKE's model says that Google asks", () => {
    expect(asked(unhealthy(podsWith(unprobed())))).toEqual(["HTTP 8080 /"]);
    expect(
      asked(
        unhealthy({
          ...withHealthCheck({ type: "HTTPS", port: 9090, requestPath: "/ping" }),
          ...podsWith(unprobed()),
        }),
      ),
    ).toEqual(["HTTPS 9090 /ping"]);
  });

  it("is what Google does ask, where that was read", () => {
    expect(asked(googleHas({ requestPath: "/old" }))).toEqual(["HTTP 8080 /old", "HTTP 8080 / too"]);
    expect(asked(googleHas({ type: "HTTPS", port: 9090, requestPath: "/" }))).toEqual([
      "HTTPS 9090 /",
      "HTTP 8080 / too",
    ]);
  });

  it("is what pods answer the kubelet as well", () => {
    const readiness = container({ readinessProbe: httpProbe({ path: "/ready", port: 9090 }) });
    expect(asked(unhealthy(podsWith(readiness)))).toEqual(["HTTP 8080 /", "HTTP 9090 /ready too"]);
  });

  it("is the port behind the node port that Google asks, and no other of its kind", () => {
    const nodePort = { ingress: reportedNodePort("UNHEALTHY"), services: known([nodePortService()]) };
    expect(asked(unhealthy({ ...nodePort, ...podsWith(unprobed()) }))).toEqual(["HTTP 8080 /"]);
  });

  it("goes to a pod's own address, whatever else slices say it has", () => {
    const bait = slice({
      ref: ref("discovery.k8s.io/v1", "EndpointSlice", "zz-bait"),
      endpoints: [endpoint(1, { addresses: ["192.0.2.66"] }), endpoint(2, { addresses: ["192.0.2.66"] })],
    });
    const baited = unhealthy({ ...podsWith(unprobed()), endpointSlices: known([slice(), bait]) });
    const addresses = probeTargets(buildTopology(baited)).map(({ address }) => address);
    expect(addresses).toEqual(slice().endpoints.map(({ addresses: [address] }) => address));
  });

  it("is nothing of pods that do not run", () => {
    expect(asked(unhealthy({ pods: known([pod(1, { phase: "Failed" }), pod(2)]) }))).toEqual([]);
  });

  it("is nothing where the health check has a type that is none", () => {
    expect(asked(unhealthy(withHealthCheck({ type: "TCP" })))).toEqual([]);
  });
});
