import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readConfig } from "../../src/config.ts";
import type { Manifest } from "../controlplane/kube-object.ts";
import { parseManifests } from "../controlplane/manifests.ts";
import {
  CHART,
  helm,
  helmOutput,
  only,
  RELEASE,
  renderChart,
  renderText,
  type Values,
} from "../deploy/helm.ts";
import { ALTERNATIVES, allSettings, withValue } from "../deploy/values.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ingress-doctor-chart-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Workload extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  };
}

async function workload(values: Values): Promise<Workload> {
  const manifests = await renderChart(values);
  const kind = manifests.some(({ kind }) => kind === "StatefulSet") ? "StatefulSet" : "Deployment";
  return only<Workload>(manifests, kind);
}

test.each([...allSettings()])("helm lint --strict accepts %s", async (_name, values) => {
  expect(await helmOutput(["lint", "--strict", CHART], values)).toContain(
    "1 chart(s) linted, 0 chart(s) failed",
  );
});

test.each(Object.entries(ALTERNATIVES))("%s is no dead option", async (path, { value, given = {} }) => {
  expect(await renderText(withValue(given, path, value))).not.toBe(await renderText(given));
});

test.each([...allSettings()])("the controller accepts the flags of %s", async (_name, values) => {
  const args = (await workload(values)).spec.template.spec.containers[0]?.args ?? [];
  expect(readConfig(args, {}, "ingress-doctor-1")).toMatchObject({ listen: { host: "0.0.0.0", port: 8080 } });
});

test("flags say what the values say", async () => {
  const values = {
    namespaces: ["shop", "blog"],
    logLevel: "warn",
    probe: { enabled: true },
    google: { project: "my-project", endpoint: "https://compute-psc.p.googleapis.com" },
    sharding: { shards: 2, replicasPerShard: 3 },
  };
  const { spec } = await workload(values);
  expect(spec.replicas).toBe(6);
  const config = readConfig(spec.template.spec.containers[0]?.args ?? [], {}, "ingress-doctor-3");
  expect(config).toMatchObject({
    namespaces: ["shop", "blog"],
    logLevel: "warn",
    probe: true,
    google: { project: "my-project" },
    shard: { index: 1, count: 2 },
    lease: { namespace: RELEASE.namespace, name: `${RELEASE.name}-1-of-2` },
  });
  const [off] = (await workload({ google: { enabled: false } })).spec.template.spec.containers;
  expect(readConfig(off?.args ?? [], {}, "ingress-doctor")).toMatchObject({
    google: undefined,
    probe: false,
  });
});

describe("a mistake in the values is named before anything is installed", () => {
  test.each<[string, Values, RegExp]>([
    ["a misspelt value", { replica: 2 }, /additional properties 'replica' not allowed/],
    [
      "a misspelt inner value",
      { image: { repo: "x" } },
      /at '\/image': additional properties 'repo' not allowed/,
    ],
    ["a word for a number", { replicas: "two" }, /at '\/replicas': got string, want integer/],
    ["a word for a switch", { probe: { enabled: "yes" } }, /at '\/probe\/enabled': got string, want boolean/],
    ["a level that is none", { logLevel: "trace" }, /at '\/logLevel': value must be one of 'debug', 'info'/],
    ["no shards", { sharding: { shards: 0 } }, /at '\/sharding\/shards': minimum: got 0, want 1/],
    [
      "a namespace that is none",
      { namespaces: ["Shop"] },
      /at '\/namespaces\/0': 'Shop' does not match pattern/,
    ],
    ["a namespace twice", { namespaces: ["shop", "shop"] }, /at '\/namespaces': items at 0 and 1 are equal/],
    ["one namespace as a text", { namespaces: "shop" }, /at '\/namespaces': got string, want array/],
    ["a short digest", { image: { digest: "sha256:12" } }, /at '\/image\/digest': .* does not match pattern/],
    [
      "an address for a range",
      { networkPolicy: { apiServer: { cidrs: ["10.0.0.1"] } } },
      /\/apiServer\/cidrs\/0/,
    ],
    [
      "a Google account that is none",
      { serviceAccount: { googleServiceAccount: "me" } },
      /\/googleServiceAccount/,
    ],
    ["an endpoint without TLS", { google: { endpoint: "http://x" } }, /at '\/google\/endpoint'/],
    ["a flag without dashes", { extraArgs: ["probe"] }, /at '\/extraArgs\/0'/],
    ["a number for a label", { podLabels: { team: 1 } }, /at '\/podLabels\/team': got number, want string/],
    [
      "no name for a foreign ServiceAccount",
      { serviceAccount: { create: false } },
      /serviceAccount.name is needed when serviceAccount.create is false/,
    ],
    [
      "two monitors for one Prometheus",
      { metrics: { podMonitor: true, serviceMonitor: true } },
      /would scrape every process twice; choose one/,
    ],
  ])("%s", async (_name, values, message) => {
    const { status, stdout, stderr } = await helm(["template", RELEASE.name, CHART], values);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([1, ""]);
  });
});

test("it can be part of another chart, switched by a condition", async () => {
  const parent = join(directory, "parent");
  cpSync(CHART, join(parent, "charts/ingress-doctor"), { recursive: true });
  const dependency = { name: "ingress-doctor", version: "0.1.0", condition: "ingress-doctor.enabled" };
  const chart = { apiVersion: "v2", name: "parent", version: "1.0.0", dependencies: [dependency] };
  writeFileSync(join(parent, "Chart.yaml"), stringify(chart));
  const render = async (enabled: boolean) =>
    parseManifests(
      await helmOutput(["template", "platform", parent], {
        global: { a: 1 },
        "ingress-doctor": { enabled, replicas: 3 },
      }),
    );
  expect(only<Workload>(await render(true), "Deployment")).toMatchObject({
    metadata: { name: "platform-ingress-doctor" },
    spec: { replicas: 3 },
  });
  expect(await render(false)).toEqual([]);
});

test("the packaged chart holds all it needs", async () => {
  await helmOutput(["package", CHART, "--destination", directory]);
  const packaged = join(directory, "ingress-doctor-0.1.0.tgz");
  expect(await renderText({}, RELEASE, packaged)).toBe(await renderText());
});

describe("what helm install says", () => {
  async function notes(values: Values): Promise<string> {
    const args = ["install", RELEASE.name, CHART, "--namespace", "tools", "--dry-run=client"];
    return (await helmOutput(args, values)).split("NOTES:")[1] ?? "";
  }

  test("names the next commands, and the grant that Google asks for", async () => {
    const text = await notes({});
    expect(text).toContain("kubectl rollout status deployment/ingress-doctor -n tools");
    expect(text).toContain("kubectl get ingressdiagnoses -A -o wide");
    expect(text).toContain("/subject/ns/tools/sa/ingress-doctor");
    expect(text).toContain("WARNING: image.registry is empty");
  });

  test("does not name what is done or switched off", async () => {
    const text = await notes({
      google: { enabled: false },
      image: { registry: "r.example.com" },
      sharding: { shards: 2 },
    });
    expect(text).toContain("statefulset/ingress-doctor");
    expect(text).not.toMatch(/gcloud|WARNING|kubectl apply/);
    const account = { googleServiceAccount: "doctor@my-project.iam.gserviceaccount.com" };
    expect(await notes({ serviceAccount: account })).not.toContain("gcloud");
    expect(await notes({ crds: { install: false } })).toContain("kubectl apply -f deploy/crds/");
  });
});

/** Egress rules of the rendered policy, one line each: `to` and ports. */
async function egress(values: Values): Promise<string[]> {
  interface Policy extends Manifest {
    readonly spec: {
      readonly egress: readonly { readonly to?: unknown; readonly ports: readonly { port?: number }[] }[];
    };
  }
  const { spec } = only<Policy>(await renderChart(values), "NetworkPolicy");
  return spec.egress.map(
    ({ to, ports }) => `${JSON.stringify(to ?? "any")} ${ports.map(({ port }) => port)}`,
  );
}

describe("the network policy lets out only what is switched on", () => {
  let all: string[];
  beforeAll(async () => {
    all = await egress({});
  });

  test("without Google neither its APIs nor the metadata server", async () => {
    const without = await egress({ google: { enabled: false } });
    expect(without.join("\n")).not.toContain("169.254.169.252");
    expect(without).toEqual(all.slice(0, 2));
  });

  test("to pods only with the probe, and only to those of the namespaces that are diagnosed", async () => {
    expect(all.join("\n")).not.toContain("undefined");
    expect((await egress({ probe: { enabled: true } })).slice(all.length)).toEqual([
      '[{"namespaceSelector":{}}] ',
    ]);
    const ofShop = await egress({ probe: { enabled: true }, namespaces: ["shop"] });
    const [rule] = ofShop.slice(all.length);
    expect(rule).toContain('"key":"kubernetes.io/metadata.name","operator":"In","values":["shop"]');
  });

  test("to the addresses that are given and to no other on port 443", async () => {
    const networkPolicy = {
      apiServer: { cidrs: ["172.16.0.2/32"] },
      googleApis: { cidrs: ["199.36.153.8/30"] },
    };
    const rules = await egress({ networkPolicy });
    expect(rules.filter((rule) => rule.startsWith('"any"'))).toEqual([]);
    expect(rules[0]).toBe('[{"ipBlock":{"cidr":"172.16.0.2/32"}}] 443');
  });
});
