import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ingressDoctor } from "../cli/command.ts";
import { RunningCommand } from "../cli/running-command.ts";
import { type ControlPlane, startControlPlane } from "../controlplane/control-plane.ts";
import { eventually } from "../controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../controlplane/gke/install.ts";
import { writeKubeconfig } from "../controlplane/kubeconfig.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { link, putBackend, putFrontend, putHealth, resource } from "../gcp/compute-resources.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { ingressManifest, serviceManifest } from "./reconciler/cluster.ts";

const emulator = new ComputeEmulator();
let controlPlane: ControlPlane;
let where: readonly string[];
let google: readonly string[];

/** Names that `compute-resources.ts` gives: Ingress `shop/ing-1`, Service `shop/web-1`. */
beforeAll(async () => {
  controlPlane = await startControlPlane();
  const { client, directory, connection } = controlPlane;
  await installGkeCrds(client);
  await installDefaultBackend(client);
  await applyManifests(client, [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }]);
  for (const index of [1, 2]) {
    await applyManifests(client, [
      serviceManifest("shop", `web-${index}`),
      ingressManifest("shop", `ing-${index}`, `web-${index}`),
    ]);
    putBackend(emulator.resources, index, { state: index === 1 ? "UNHEALTHY" : "HEALTHY" });
    putFrontend(emulator.resources, index);
  }
  const kubeconfig = join(directory, "user.kubeconfig");
  writeKubeconfig(kubeconfig, connection);
  where = ["-n", "shop", "--kubeconfig", kubeconfig];
  google = ["--google-endpoint", await emulator.start(), "--google-project", "lab-project"];
});

afterAll(async () => {
  await controlPlane?.stop();
  await emulator.stop();
});

interface Status {
  readonly backends?: readonly { readonly service: string; readonly endpoints: object }[];
  readonly undecided?: readonly { readonly question: string; readonly needs: string }[];
}

/** What `diagnose` says of one Ingress. */
async function diagnosed(...args: readonly string[]): Promise<Status> {
  const { out, err } = await ingressDoctor(["diagnose", ...args, "-o", "json", ...where]);
  expect(err).toBe("");
  return JSON.parse(out).items[0].status;
}

function openLoadBalancer({ undecided = [] }: Status): readonly string[] {
  return undecided
    .filter(({ question }) => question.includes("live load balancer"))
    .map(({ needs }) => needs);
}

test("diagnose reads the load balancer of the Ingress it is about, and of no other", async () => {
  const before = emulator.count("BackendServices.GetHealth");
  const status = await diagnosed("ing-1", ...google);
  const backend = status.backends?.find(({ service }) => service === "web-1");
  expect(backend?.endpoints).toMatchObject({ inNeg: 1, healthy: 0, unhealthy: 1 });
  expect(openLoadBalancer(status).join()).not.toMatch(/credentials|in time|within/);
  expect(emulator.count("BackendServices.GetHealth") - before).toBe(1);
  expect(emulator.problems).toEqual([]);
});

test("with --google off nothing is asked, and it says so once", async () => {
  const before = emulator.count();
  const status = await diagnosed("ing-1", ...google, "--google", "off");
  expect(openLoadBalancer(status)).toEqual(["Google Cloud, which --google off leaves out"]);
  expect(emulator.count()).toBe(before);
});

test("without credentials the question stays open, once, and is no failure", async () => {
  const status = await diagnosed("ing-1", "--google-project", "lab-project");
  const needs = openLoadBalancer(status);
  expect(needs).toHaveLength(1);
  expect(needs[0]).toMatch(/^Google credentials: /);
});

test("what Google refuses is undecided, with the permission that is missing", async () => {
  emulator.fail({ fault: "forbidden", rpc: "UrlMaps." });
  try {
    const { out } = await ingressDoctor(["route", "http://ing-1.example.com/", ...where, ...google]);
    expect(out).toContain("The live URL map was not read: it needs role with compute.urlMaps.list.");
  } finally {
    emulator.fail();
  }
});

test("options that cannot be used are named", async () => {
  const args = ["diagnose", ...where, "--google-endpoint", "http://compute.example.com"];
  const { code, err } = await ingressDoctor(args);
  expect(code).toBe(2);
  expect(err).toMatch(
    /^ingress-doctor: --google-endpoint is "http:\/\/compute\.example\.com"; it must be .*\n$/,
  );
});

test("route shows where the live URL map sends the request instead, and the whole table both", async () => {
  const name = "k8s2-lab-shop-ing-2";
  const hostRules = [{ hosts: ["ing-2.example.com"], pathMatcher: "host1" }];
  const pathMatchers = [
    {
      name: "host1",
      defaultService: link("backendServices", "k8s1-lab-shop-web-2"),
      pathRules: [{ paths: ["/old"], service: link("backendServices", "k8s1-lab-shop-web-1") }],
    },
  ];
  const defaultService = link("backendServices", "k8s1-lab-shop-web-2");
  emulator.resources.put(resource("urlMaps", name, { defaultService, hostRules, pathMatchers }));

  const url = "http://ing-2.example.com/old";
  const routed = await ingressDoctor(["route", url, ...where, ...google]);
  expect(routed.out).toContain(`The live URL map ${name} routes it differently. There:`);
  expect(routed.out).toMatch(/Path rule \/old is equal to the path\.\n.*Backend: Service shop\/web-1/);
  expect(routed.out).toContain("The load balancer still routes as before the creation of ");
  expect(routed.code).toBe(1);

  const data = await ingressDoctor(["route", url, ...where, ...google, "-o", "json"]);
  expect(JSON.parse(data.out)).toMatchObject([
    { backend: { service: "web-2" }, live: { urlMap: name, differs: true, backend: { service: "web-1" } } },
  ]);

  const { out } = await ingressDoctor(["route", "--all", ...where, ...google]);
  expect(out).toMatch(/^INGRESS +HOST +PATH +TYPE +BACKEND +ANSWER +FINDING +LIVE\n/);
  expect(out).toMatch(/shop\/ing-2 +ing-2\.example\.com +\/old +- +- +- +- +web-1\n/);
});

test("wait follows what Google's probes find", async () => {
  const status = { loadBalancer: { ingress: [{ ip: "203.0.113.1" }] } };
  await controlPlane.client.patchStatus(ingressManifest("shop", "ing-1", "web-1"), { status });
  const goal = ["--for", "health-checks-passing", "--timeout", "100s", "--give-up-after", "100s"];
  const wait = new RunningCommand("wait", "ing-1", ...goal, ...where, ...google);
  await eventually(() => expect(wait.out).toMatch(/shop\/ing-1 .*HealthChecksPassing \(since /), {
    timeoutMs: 40_000,
  });
  // Unhealthy endpoints are looked at every 20 seconds.
  putHealth(emulator.resources, 1, { state: "HEALTHY" });
  const { code, out } = await wait.ended;
  expect(out).toMatch(/\nshop\/ing-1: HealthChecksPassing\.\n$/);
  expect(code).toBe(0);
}, 150_000);
