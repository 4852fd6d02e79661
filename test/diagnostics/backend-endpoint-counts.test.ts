import { describe, expect, it } from "vitest";
import { backendDiagnoses } from "../../src/diagnostics/backend-diagnosis.ts";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { notRead, snapshot } from "../support/builders.ts";
import {
  backendService,
  health,
  live,
  liveNodes,
  neg,
  nodeBackendService,
} from "../support/load-balancers.ts";

const countsOf = (given: Snapshot) => backendDiagnoses(buildTopology(given))[0]?.endpoints;

describe("the number of endpoints of a backend", () => {
  it("is that of Kubernetes alone where Google is not read", () => {
    expect(countsOf(snapshot())).toEqual({ ready: 2, notReady: 0 });
  });

  it("in the NEG is what the NEG holds, with those that no prober has seen yet", () => {
    const given = live({
      negs: known([neg("10.4.0.1", "10.4.0.2", "10.4.0.3")]),
      backendServices: known([
        backendService({ health: known([health(1), health(2, { state: "UNHEALTHY" })]) }),
      ]),
    });
    expect(countsOf(given)).toEqual({ ready: 2, notReady: 0, inNeg: 3, healthy: 1, unhealthy: 1 });
    const unread = { ...neg(), endpoints: notRead("loadBalancer") };
    expect(countsOf(live({ negs: known([unread]) }))).toMatchObject({ inNeg: 2, healthy: 2 });
  });

  it("is that of nodes where instance groups serve, and none of them is in a NEG", () => {
    const nodes = nodeBackendService([{}, { instance: "node-b", state: "UNHEALTHY" }]);
    expect(countsOf(liveNodes({ backendServices: known([nodes]) }))).toEqual({
      ready: 2,
      notReady: 0,
      healthy: 1,
      unhealthy: 1,
    });
  });
});
