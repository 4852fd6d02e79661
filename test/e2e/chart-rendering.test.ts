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

function workload(values: Values): Workload {
  const manifests = renderChart(values);
  const kind = manifests.some(({ kind }) => kind === "StatefulSet") ? "StatefulSet" : "Deployment";
  return only<Workload>(manifests, kind);
}

test.each([...allSettings()])("helm lint --strict accepts %s", (_name, values) => {
  expect(helmOutput(["lint", "--strict", CHART], values)).toContain("1 chart(s) linted, 0 chart(s) failed");
});

const bases = new Map<string, string>();

/** Rendering of `values`, kept for those who ask again. */
function rendered(values: Values): string {
  const key = JSON.stringify(values);
  const text = bases.get(key) ?? renderText(values);
  bases.set(key, text);
  return text;
}

test.each(Object.entries(ALTERNATIVES))("%s is no dead option", (path, { value, given = {} }) => {
  expect(renderText(withValue(given, path, value))).not.toBe(rendered(given));
});

test.each([...allSettings()])("the controller accepts the flags of %s", (_name, values) => {
  const args = workload(values).spec.template.spec.containers[0]?.args ?? [];
  expect(readConfig(args, {}, "ingress-doctor-1")).toMatchObject({ listen: { host: "0.0.0.0", port: 8080 } });
});

test("flags say what the values say", () => {
  const values = {
    namespaces: ["shop", "blog"],
    logLevel: "warn",
    probe: { enabled: true },
    google: { project: "my-project", endpoint: "https://compute-psc.p.googleapis.com" },
    sharding: { shards: 2, replicasPerShard: 3 },
  };
  const { spec } = workload(values);
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
  const [off] = workload({ google: { enabled: false } }).spec.template.spec.containers;
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
  ])("%s", (_name, values, message) => {
    const { status, stdout, stderr } = helm(["template", RELEASE.name, CHART], values);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([1, ""]);
  });
});

test("it can be part of another chart, switched by a condition", () => {
  const parent = join(directory, "parent");
  cpSync(CHART, join(parent, "charts/ingress-doctor"), { recursive: true });
  const dependency = { name: "ingress-doctor", version: "0.1.0", condition: "ingress-doctor.enabled" };
  const chart = { apiVersion: "v2", name: "parent", version: "1.0.0", dependencies: [dependency] };
  writeFileSync(join(parent, "Chart.yaml"), stringify(chart));
  const render = (enabled: boolean) =>
    parseManifests(
      helmOutput(["template", "platform", parent], {
        global: { a: 1 },
        "ingress-doctor": { enabled, replicas: 3 },
      }),
    );
  expect(only<Workload>(render(true), "Deployment")).toMatchObject({
    metadata: { name: "platform-ingress-doctor" },
    spec: { replicas: 3 },
  });
  expect(render(false)).toEqual([]);
});

test("the packaged chart holds all it needs", () => {
  helmOutput(["package", CHART, "--destination", directory]);
  expect(renderText({}, RELEASE, join(directory, "ingress-doctor-0.1.0.tgz"))).toBe(renderText());
});

describe("what helm install says", () => {
  const notes = (values: Values) =>
    helmOutput(["install", RELEASE.name, CHART, "--namespace", "tools", "--dry-run=client"], values).split(
      "NOTES:",
    )[1];

  test("names the next commands, and the grant that Google asks for", () => {
    const text = notes({});
    expect(text).toContain("kubectl rollout status deployment/ingress-doctor -n tools");
    expect(text).toContain("kubectl get ingressdiagnoses -A -o wide");
    expect(text).toContain("/subject/ns/tools/sa/ingress-doctor");
    expect(text).toContain("WARNING: image.registry is empty");
  });

  test("does not name what is done or switched off", () => {
    const text = notes({
      google: { enabled: false },
      image: { registry: "r.example.com" },
      sharding: { shards: 2 },
    });
    expect(text).toContain("statefulset/ingress-doctor");
    expect(text).not.toMatch(/gcloud|WARNING|kubectl apply/);
    const account = { googleServiceAccount: "doctor@my-project.iam.gserviceaccount.com" };
    expect(notes({ serviceAccount: account })).not.toContain("gcloud");
    expect(notes({ crds: { install: false } })).toContain("kubectl apply -f deploy/crds/");
  });
});

/** Egress rules of the rendered policy, one line each: `to` and ports. */
function egress(values: Values): string[] {
  interface Policy extends Manifest {
    readonly spec: {
      readonly egress: readonly { readonly to?: unknown; readonly ports: readonly { port?: number }[] }[];
    };
  }
  const { spec } = only<Policy>(renderChart(values), "NetworkPolicy");
  return spec.egress.map(
    ({ to, ports }) => `${JSON.stringify(to ?? "any")} ${ports.map(({ port }) => port)}`,
  );
}

describe("the network policy lets out only what is switched on", () => {
  const all = egress({});

  test("without Google neither its APIs nor the metadata server", () => {
    const without = egress({ google: { enabled: false } });
    expect(without.join("\n")).not.toContain("169.254.169.252");
    expect(without).toEqual(all.slice(0, 2));
  });

  test("to pods only with the probe, and only to those of the namespaces that are diagnosed", () => {
    expect(all.join("\n")).not.toContain("undefined");
    expect(egress({ probe: { enabled: true } }).slice(all.length)).toEqual(['[{"namespaceSelector":{}}] ']);
    const [rule] = egress({ probe: { enabled: true }, namespaces: ["shop"] }).slice(all.length);
    expect(rule).toContain('"key":"kubernetes.io/metadata.name","operator":"In","values":["shop"]');
  });

  test("to the addresses that are given and to no other on port 443", () => {
    const networkPolicy = {
      apiServer: { cidrs: ["172.16.0.2/32"] },
      googleApis: { cidrs: ["199.36.153.8/30"] },
    };
    const rules = egress({ networkPolicy });
    expect(rules.filter((rule) => rule.startsWith('"any"'))).toEqual([]);
    expect(rules[0]).toBe('[{"ipBlock":{"cidr":"172.16.0.2/32"}}] 443');
  });
});
