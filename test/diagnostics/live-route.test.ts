import { describe, expect, it } from "vitest";
import { buildTopology } from "../../src/diagnostics/build-topology.ts";
import { describeLiveRoute } from "../../src/diagnostics/describe-live-route.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { liveRoutes } from "../../src/diagnostics/live-route.ts";
import { parseRequestUrl } from "../../src/diagnostics/request-url.ts";
import type { LoadBalancer, UrlMap } from "../../src/model/load-balancer.ts";
import { known, mapObserved, unknown } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { ingress, LONG_AGO, NOW, path, rule, snapshot, toService } from "../support/builders.ts";
import { backendService, live, loadBalancer } from "../support/load-balancers.ts";

function follow(url: string, taken: Snapshot) {
  const parsed = parseRequestUrl(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const topology = buildTopology(taken);
  const { findings } = diagnose(taken);
  const observed = mapObserved(liveRoutes(topology, findings), (routes) => routes?.follow(parsed.request));
  return { observed, told: describeLiveRoute(observed, topology) };
}

/** The healthy load balancer whose URL map sends one path of the host to `service`. */
function routing(service: string, over: Partial<LoadBalancer> = {}, paths = ["/*"]): Partial<LoadBalancer> {
  const { urlMaps } = loadBalancer();
  const [map] = urlMaps.known ? urlMaps.value : [];
  const hosts = [{ host: "shop.example.com", paths: paths.map((one) => ({ path: one, service })) }];
  return { urlMaps: known([{ ...(map as UrlMap), hosts }]), ...over };
}

const OLD = backendService({ name: "k8s1-old", serviceKey: "shop/old" });
const URL = "http://shop.example.com/cart";

describe("routes by the live URL map", () => {
  it("are the same where the map sends a request to the Service that the Ingress names", () => {
    const { observed, told } = follow(URL, live());
    expect(observed).toMatchObject({
      value: { differs: false, explanation: { backend: { service: "web" } } },
    });
    expect(told).toEqual(["The live URL map k8s2-um-x-shop-web-y routes it the same way."]);
  });

  it("differ where the map still names another Service, and say of which change that may be", () => {
    const changed = ingress({ changedAt: NOW - 3 * 60_000 });
    const taken = live(routing("k8s1-old", { backendServices: known([backendService(), OLD]) }), {
      ingress: changed,
    });
    const { observed, told } = follow(URL, taken);
    expect(observed).toMatchObject({
      value: { differs: true, explanation: { backend: { service: "old", serves: true }, answer: "served" } },
    });
    expect(told[0]).toBe("The live URL map k8s2-um-x-shop-web-y routes it differently. There:");
    expect(told).toContain("Path rule /* (Prefix /, spec.rules[0].http.paths[0]) covers /cart.");
    expect(told.at(-1)).toBe(
      "The load balancer still routes as before the change of 2026-11-23T11:57:00Z (3 min ago); that may take until 2026-11-23T12:07:00Z.",
    );
  });

  it("differ for another reason once changes have had their time", () => {
    const taken = live(routing("k8s1-old", { backendServices: known([backendService(), OLD]) }));
    expect(follow(URL, taken).told.at(-1)).toMatch(/a sync fails, or somebody edited the map\.$/);
  });

  it("differ where nothing listens", () => {
    const { observed } = follow(URL, live({ forwardingRules: known([]) }));
    expect(observed).toMatchObject({ value: { differs: true, explanation: { answer: "none" } } });
  });

  it("tell no difference of a backend service that was not found", () => {
    expect(follow(URL, live(routing("k8s1-unlisted"))).observed).toMatchObject({ value: { differs: false } });
  });

  it("are unknown where the load balancer, its maps or its backend services were not read", () => {
    const denied = unknown("loadBalancer", "forbidden", "role with compute.urlMaps.list");
    for (const taken of [
      snapshot({ loadBalancer: denied }),
      live({ urlMaps: denied }),
      live({ backendServices: denied }),
    ]) {
      const { observed, told } = follow(URL, taken);
      expect(observed).toEqual(denied);
      expect(told).toEqual(["The live URL map was not read: it needs role with compute.urlMaps.list."]);
    }
  });

  it("are none where there is no URL map", () => {
    expect(follow(URL, live({ urlMaps: known([]) })).told).toEqual(["The load balancer has no URL map."]);
  });

  it("name the rules that the Ingress does not ask for", () => {
    const taken = live(routing("k8s1-old", { backendServices: known([OLD]) }, ["/*", "/gone"]), {
      ingress: ingress({ rules: [rule("shop.example.com", path("/", "web"))], changedAt: LONG_AGO }),
    });
    const routes = liveRoutes(buildTopology(taken), []);
    expect(routes).toMatchObject({
      value: { strays: [{ host: "shop.example.com", path: "/gone", backend: { service: "old" } }] },
    });
  });

  it("name the part of the Ingress that a rule comes from", () => {
    const taken = live(routing("k8s1-old", { backendServices: known([OLD]) }), {
      ingress: ingress({
        rules: [rule("shop.example.com", path("/", "web"))],
        defaultBackend: toService("web"),
      }),
    });
    expect(follow(URL, taken).observed).toMatchObject({
      value: { explanation: { pathRule: { path: "/*", source: { field: "spec.rules[0].http.paths[0]" } } } },
    });
  });
});
