import { request as requestHttp } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROJECT } from "../gcp/compute-resources.ts";
import { type Resource, Resources, selfLinkOf } from "./compute-api/resources.ts";
import { DataPlane } from "./data-plane.ts";
import { PodNetwork } from "./pod-network.ts";

const SECOND_MS = 500;
const ADDRESS = "203.0.113.9";
const POD = { address: "10.4.0.1", port: 8080 };
let resources: Resources;
let network: PodNetwork;
let plane: DataPlane;
beforeEach(() => {
  resources = new Resources();
  network = new PodNetwork();
  plane = new DataPlane({ resources, network, project: PROJECT, secondMs: SECOND_MS });
});
afterEach(async () => {
  await plane.stop();
  await network.stop();
});

function put(collection: string, fields: object, scope = "global"): string {
  const selfLink = selfLinkOf(`projects/${PROJECT}/${scope}/${collection}/web`);
  resources.put({ name: "web", selfLink, ...fields } as Resource);
  return selfLink;
}

interface Shape {
  readonly scheme?: string;
  readonly protocol?: string;
  readonly check?: object;
  readonly timeoutSec?: number;
}

/** One pod behind one backend service that answers everything. */
async function serve({
  scheme = "EXTERNAL",
  protocol = "HTTP",
  check,
  timeoutSec = 30,
}: Shape = {}): Promise<void> {
  put("firewalls", { sourceRanges: ["35.191.0.0/16"], allowed: [{ IPProtocol: "tcp" }] });
  const group = put("networkEndpointGroups", {}, "zones/us-central1-a");
  resources.setEndpoints(group, [{ networkEndpoint: { ipAddress: POD.address, port: POD.port } }]);
  const healthCheck = put("healthChecks", {
    type: protocol,
    httpHealthCheck: { requestPath: "/ready" },
    timeoutSec: 1,
    checkIntervalSec: 1,
    ...check,
  });
  const service = put("backendServices", {
    protocol,
    timeoutSec,
    backends: [{ group }],
    healthChecks: [healthCheck],
  });
  const target = put("targetHttpProxies", { urlMap: put("urlMaps", { defaultService: service }) });
  put("forwardingRules", { IPAddress: ADDRESS, portRange: "80-80", target, loadBalancingScheme: scheme });
  await plane.listen();
  await plane.health.settle();
}

function status(path = "/", host = "shop.example.com"): Promise<number | string> {
  return new Promise((resolve) => {
    const port = plane.portOf(ADDRESS, 80);
    const request = requestHttp(
      { host: "127.0.0.1", port, path, headers: { host }, agent: false },
      (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    request.on("error", () => resolve("closed"));
    request.end();
  });
}

describe("the data plane", () => {
  it.each(["HTTP", "HTTPS", "HTTP2"] as const)("sends requests to pods that speak %s", async (protocol) => {
    await network.listen(POD.address, POD.port, { protocol, paths: { "/teapot": 418 } });
    await serve({ protocol });
    expect(await status("/teapot")).toBe(418);
  });

  it.each([
    ["EXTERNAL", 502],
    ["INTERNAL_MANAGED", 503],
  ])("answers in the name of %s with %d where no endpoint is healthy", async (scheme, code) => {
    await network.listen(POD.address, POD.port, { otherwise: 404 });
    await serve({ scheme });
    expect(await status()).toBe(code);
  });

  it.each([301, 204, 401, 404, 500, "hang", "drop"] as const)(
    "calls a pod unhealthy that answers %s",
    async (answer) => {
      await network.listen(POD.address, POD.port, {
        paths: { "/ready": typeof answer === "number" ? { status: answer, location: "/login" } : answer },
      });
      await serve();
      expect(await status()).toBe(502);
    },
  );

  it("calls pods unhealthy that a firewall hides", async () => {
    await network.listen(POD.address, POD.port);
    await serve();
    put("firewalls", { sourceRanges: ["10.0.0.0/8"], allowed: [{ IPProtocol: "tcp" }] });
    await plane.health.settle();
    expect(await status()).toBe(502);
  });

  it.each([
    ["EXTERNAL", 502],
    ["INTERNAL_MANAGED", 504],
  ])("gives a slow pod up, in the name of %s with %d", async (scheme, code) => {
    await network.listen(POD.address, POD.port, { paths: { "/slow": "hang" } });
    await serve({ scheme, timeoutSec: 1 });
    expect([await status("/quick"), await status("/slow")]).toEqual([200, code]);
  });

  it("answers 502 where a healthy pod closes connections", async () => {
    await network.listen(POD.address, POD.port, { paths: { "/crash": "drop" } });
    await serve();
    expect(await status("/crash")).toBe(502);
  });

  it("needs as many answers in a row as the thresholds say", async () => {
    const pod = await network.listen(POD.address, POD.port);
    await serve({ check: { healthyThreshold: 1, unhealthyThreshold: 2 } });
    pod.behave({ otherwise: 500 });
    await plane.health.settle();
    expect(await status()).toBe(502);
    pod.behave({});
    await plane.health.settle();
    expect(await status()).toBe(200);
    expect(
      resources.health(
        `projects/${PROJECT}/global/backendServices/web`,
        `projects/${PROJECT}/zones/us-central1-a/networkEndpointGroups/web`,
      ),
    ).toEqual({
      healthStatus: [{ ipAddress: POD.address, port: POD.port, healthState: "HEALTHY" }],
    });
  });

  it("stops listening when its forwarding rule goes", async () => {
    await network.listen(POD.address, POD.port);
    await serve();
    expect(await status()).toBe(200);
    resources.remove(selfLinkOf(`projects/${PROJECT}/global/forwardingRules/web`));
    await plane.listen();
    expect(await status()).toBe("closed");
  });

  it("asks by itself, at the interval of the check", async () => {
    const pod = await network.listen(POD.address, POD.port, { otherwise: 500 });
    await serve();
    pod.behave({});
    plane.health.start();
    await expect.poll(() => status(), { timeout: 5000 }).toBe(200);
  });
});
