import { describe, expect, it } from "vitest";
import type { EndpointGroup } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { BackendService, EndpointHealth } from "../../src/model/load-balancer.ts";
import { known, type Observed } from "../../src/model/observed.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { endpoint, ingress, notRead, slice, snapshot } from "../support/builders.ts";
import { backendService, health, loadBalancer } from "../support/load-balancers.ts";
import { reversed } from "../support/rule-harness.ts";

const [A, B] = ["us-central1-a", "us-central1-b"];

/** Endpoint groups of Service `web`, e.g. `us-central1-a healthy 2`. */
function groups(given: Snapshot): string[] {
  const backend = diagnose(given).backends.find(({ service }) => service === "web");
  return (backend?.endpointGroups ?? []).map(
    ({ zone, state, count }: EndpointGroup) => `${zone} ${state} ${count}`,
  );
}

function live(state: BackendService["health"]): Snapshot {
  const services = known([backendService({ health: state })]);
  return snapshot({ loadBalancer: known(loadBalancer({ backendServices: services })) });
}

function seen(...endpoints: readonly EndpointHealth[]): Observed<readonly EndpointHealth[]> {
  return known(endpoints);
}

describe("the endpoints of a backend by zone", () => {
  it("are counted as Google's probers see them, each zone with its healthy and unhealthy ones", () => {
    const given = live(
      seen(
        health(4, { zone: B, state: "DRAINING" }),
        health(1),
        health(2),
        health(3, { zone: B, state: "UNHEALTHY" }),
        health(5, { zone: B, state: "TIMEOUT" }),
      ),
    );
    const wanted = [
      `${A} healthy 2`,
      `${A} unhealthy 0`,
      `${B} healthy 0`,
      `${B} unhealthy 2`,
      `${B} unknown 1`,
    ];
    expect(groups(given)).toEqual(wanted);
    expect(groups(reversed(given))).toEqual(wanted);
  });

  it("are zero where Google knows of none", () => {
    expect(groups(live(seen()))).toEqual([" healthy 0", " unhealthy 0"]);
  });

  it("are counted as Kubernetes sees them where Google was not read, or not yet for this backend", () => {
    const endpoints = [
      endpoint(1, { zone: A }),
      endpoint(2, { zone: B, ready: false, serving: false }),
      endpoint(3, { zone: B }),
    ];
    const given = snapshot({ endpointSlices: known([slice({ endpoints })]) });
    const wanted = [`${A} ready 1`, `${A} not-ready 0`, `${B} ready 1`, `${B} not-ready 1`];
    expect(groups(given)).toEqual(wanted);
    const pending = live(notRead("loadBalancer")).loadBalancer;
    expect(groups({ ...given, loadBalancer: pending })).toEqual(wanted);
  });

  it("are not told where nothing could be read", () => {
    expect(groups(snapshot({ endpointSlices: notRead("endpointSlices") }))).toEqual([]);
  });

  it("are not told of GKE's own default backend, which all Ingresses share", () => {
    const shared = diagnose(snapshot()).backends.find(({ service }) => service === "default-http-backend");
    expect(shared?.endpointGroups).toEqual([]);
  });
});

describe("whether the live URL map carries the Ingress", () => {
  const changedAt = ingress().changedAt;
  const maps = (change: (host: string) => string) => {
    const balancer = loadBalancer();
    const urlMaps = balancer.urlMaps.known ? balancer.urlMaps.value : [];
    return snapshot({
      loadBalancer: known({
        ...balancer,
        urlMaps: known(
          urlMaps.map((map) => ({
            ...map,
            hosts: map.hosts.map((host) => ({ ...host, host: change(host.host) })),
          })),
        ),
      }),
    });
  };

  it("is told with the time of the newest change", () => {
    expect(diagnose(maps((host) => host)).urlMap).toEqual({ isCurrent: true, changedAt });
    expect(diagnose(maps(() => "old.example.com")).urlMap).toEqual({ isCurrent: false, changedAt });
  });

  it("is told inside the propagation window, too, where no finding says so yet", () => {
    const recent = ingress({ changedAt: snapshot().takenAt - 1000 });
    const diagnosis = diagnose({ ...maps(() => "old.example.com"), ingress: recent });
    expect(diagnosis.urlMap).toEqual({ isCurrent: false, changedAt: recent.changedAt });
    expect(diagnosis.findings.map(({ code }) => code)).not.toContain("GID907");
  });

  it("is denied where the load balancer was read and has no URL map", () => {
    const given = snapshot({ loadBalancer: known(loadBalancer({ urlMaps: known([]) })) });
    expect(diagnose(given).urlMap).toEqual({ isCurrent: false, changedAt });
  });

  const nginx = ingress({ annotations: stringMap({ "kubernetes.io/ingress.class": "nginx" }) });

  it.each<[string, Snapshot]>([
    ["Google was not read", snapshot()],
    ["GKE refuses the Ingress", { ...maps((host) => host), services: known([]) }],
    ["another controller serves it", { ...maps((host) => host), ingress: nginx }],
  ])("is not told where %s", (_, given) => {
    expect(diagnose(given).urlMap).toBeUndefined();
  });
});
