import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import healthCheckFailing from "../../src/diagnostics/rules/health/health-check-failing.ts";
import probeAnswers from "../../src/diagnostics/rules/health/probe-answers.ts";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { installDefaultBackend, installGkeCrds } from "../controlplane/gke/install.ts";
import type { KubeObject } from "../controlplane/kube-object.ts";
import { findFreePorts } from "../controlplane/server-process.ts";
import { DemoCluster, NAMESPACE } from "../demo/demo-cluster.ts";
import { differences, EXPECTATIONS } from "../demo/expectations.ts";
import { CHART, helmOutput, RELEASE } from "../deploy/helm.ts";
import { buildImage, IMAGE } from "../image/build-image.ts";
import { ContainerStore } from "../image/container-store.ts";
import { type PodSpec, runPod } from "../image/run-pod.ts";

/** Files of the image that are the product's; everything else comes with the base image. */
const [APP, NODE] = ["app", "usr/local/bin/node"];

/** What the chart's defaults tell: nobody asks pods, so what they answer is not known. */
const UNPROBED = EXPECTATIONS.map((expectation) =>
  expectation.cause === probeAnswers.code ? { ...expectation, cause: healthCheckFailing.code } : expectation,
);

interface Deployment extends KubeObject {
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

let store: ContainerStore;
let cluster: DemoCluster | undefined;
let controller: ChildProcess | undefined;

beforeAll(() => {
  store = new ContainerStore();
  buildImage(store);
}, 300_000);

afterAll(async () => {
  if (controller !== undefined && controller.exitCode === null) {
    controller.kill("SIGTERM");
    await once(controller, "exit");
  }
  await cluster?.stop();
  store?.remove();
});

describe("the image", () => {
  test("holds the bundle, its Node and the list of both, and no shell", () => {
    const root = unpack();
    expect(existsSync(join(root, APP, "main.js"))).toBe(true);
    expect(existsSync(join(root, NODE))).toBe(true);
    expect(existsSync(join(root, "bin/sh"))).toBe(false);
    expect(existsSync(join(root, APP, "node_modules"))).toBe(false);
    const bom = JSON.parse(readFileSync(join(root, APP, "sbom.cdx.json"), "utf8"));
    const names = bom.components.map(({ name }: { name: string }) => name);
    expect(names).toContain("node");
    const notices = readFileSync(join(root, APP, "THIRD_PARTY_NOTICES"), "utf8");
    for (const [, bundled] of notices.matchAll(BUNDLED)) expect(names).toContain(bundled);
  });

  test("runs as an unprivileged user with what the image says of itself", () => {
    const [{ Config, Healthcheck }] = JSON.parse(store.podman("image", "inspect", IMAGE));
    expect(Config.User).toBe("65532:65532");
    expect(Config.Entrypoint).toEqual(["/usr/local/bin/node", "/app/main.js"]);
    expect(Config.Labels["org.opencontainers.image.licenses"]).toBe("Apache-2.0");
    expect(Healthcheck.Test).toContain("/usr/local/bin/node");
  });

  test("installed by the chart, diagnoses the demo with the chart's ServiceAccount", async () => {
    cluster = await DemoCluster.start(() => {});
    const { client, kubeconfig } = cluster;
    await installGkeCrds(client);
    await installDefaultBackend(client);
    const [port] = await findFreePorts(1);
    const { name, namespace } = RELEASE;
    const target = ["--kubeconfig", kubeconfig, "--namespace", namespace, "--create-namespace"];
    await helmOutput(["install", name, CHART, ...target], {
      image: { registry: "localhost", tag: "test" },
      // Nothing of a test listens on other addresses than this machine's own.
      extraArgs: [`--listen=127.0.0.1:${port}`],
      google: { enabled: false },
    });
    await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    await cluster.applyExamples();

    const { spec } = await client.get<Deployment>("apps/v1/Deployment", name, namespace);
    controller = await runPod(store, client, namespace, spec.template.spec);
    const said = logOf(controller);
    await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok, {
      what: "the readiness of the container",
      timeoutMs: 30_000,
    });
    await eventually(async () => {
      const diagnoses = (await cluster?.diagnoses()) ?? [];
      expect(differences(UNPROBED, diagnoses), said.join("")).toEqual([]);
    });

    // As process 1, without a shell around it, it has to hear the signal itself.
    controller.kill("SIGTERM");
    const [code] = await once(controller, "exit");
    expect(code, said.join("")).toBe(0);
  }, 120_000);
});

/** A heading of the notices: one bundled package. */
const BUNDLED = /^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \(/gm;

/** Folder with the image's file system; it goes with the store. */
function unpack(): string {
  return store.buildah("mount", store.buildah("from", IMAGE));
}

function logOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  }
  return lines;
}
