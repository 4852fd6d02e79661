import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Diagnosis } from "../../src/diagnostics/diagnosis.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { known } from "../../src/model/observed.ts";
import type { ProbeResult } from "../../src/model/probe.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { PodProber } from "../../src/probe/pod-prober.ts";
import { CACHED_KINDS } from "../../src/reconciler/controller.ts";
import { planProbes } from "../../src/reconciler/probe-plan.ts";
import type { Scene } from "../mutations/life.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";
import { projectAll, snapshotsOf } from "../support/object-snapshots.ts";
import { type AgreementScenario, BROKEN, HEALTHY, staged } from "./scenario.ts";
import { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.stop());

/** The caches of a controller that watches this scene. */
function watched({ cluster }: Scene): MemoryCluster {
  const memory = new MemoryCluster();
  const models = projectAll(cluster.objects);
  for (const kind of CACHED_KINDS) memory.put(kind, ...(models[kind] ?? []));
  return memory;
}

/** What the prober hears from the real servers that stand in for the pods. */
async function probe({ ingress }: Snapshot, scene: Scene): Promise<readonly ProbeResult[]> {
  const { listers } = watched(scene);
  const clock = new FakeClock();
  const prober = new PodProber({
    listers,
    clock,
    plan: (one) => planProbes(one, { listers, sharing: () => [] }, scene.seenAt),
    apiServer: [],
    connect: world.network.connect,
  });
  const heard = vi.fn();
  prober.subscribe(heard);
  prober.results(ingress);
  await clock.pass(0);
  await vi.waitFor(() => expect(heard).toHaveBeenCalled(), 5000);
  const results = prober.results(ingress);
  return results.known ? results.value : [];
}

/** Stages the scenario, lets Google's checks fail for real, and diagnoses it with what the pods answered. */
async function probed(scenario: AgreementScenario): Promise<Diagnosis> {
  const { before, now } = staged(scenario);
  await world.startPods(now.cluster, { behaviours: scenario.outside.pods ?? {}, truth: before.cluster });
  await world.serve(
    snapshotsOf(now.cluster.objects, now.seenAt),
    scenario.outside.change ?? (() => undefined),
  );
  world.reportHealth(now.cluster);
  const [snapshot] = snapshotsOf(now.cluster.objects, now.seenAt);
  if (snapshot === undefined) throw new Error("There is no Ingress.");
  return diagnose({ ...snapshot, probes: known(await probe(snapshot, now)) });
}

function scenario(fault: string): AgreementScenario {
  const found = BROKEN.find(({ name }) => name.startsWith(`${fault},`));
  if (found === undefined) throw new Error(`There is no fault ${fault}.`);
  return found;
}

describe("a diagnosis with probes", () => {
  it.each([
    ["health-check-path-fails on the default path", "answers 404", "GID625"],
    ["health-check-path-fails with a probe of another kind", "answers 404", "GID625"],
    ["health-check-path-fails by BackendConfig", "answers 404", "GID625"],
    ["backendconfig-port-key-mismatch", "answers 404", "GID606"],
    ["health-check-port-wrong", "refuses the connection, because nothing listens on port 80", "GID609"],
    ["health-check-type-mismatch", "fails the TLS handshake", "GID610"],
    ["app-protocol-mismatch", "fails the TLS handshake", "GID413"],
    ["target-port-not-served", "refuses the connection, because nothing listens on port 5000", "GID409"],
  ])("%s: says that a pod %s, and the cause is %s", async (fault, answer, code) => {
    const { findings, cause } = await probed(scenario(fault));
    expect(findings.find((finding) => finding.code === "GID625")?.message).toContain(answer);
    expect(cause?.code).toBe(code);
  });

  it("is the most likely cause in place of the failing health check, which it explains", async () => {
    const { cause, findings } = await probed(scenario("health-check-path-fails on the default path"));
    expect(cause?.code).toBe("GID625");
    expect(findings.find(({ code }) => code === "GID601")?.causedBy).toBe("GID625");
  });

  it("names the request that pods answer, and the BackendConfig that asks for it", async () => {
    const { findings } = await probed(scenario("health-check-path-fails by BackendConfig"));
    const found = findings.find(({ code }) => code === "GID625");
    expect(found?.message).toContain("that is the answer to HTTP GET /ready on port 8080.");
    expect(found?.fix.command).toContain('"requestPath":"/ready"');
  });

  it("does not blame pods that answer, where a firewall keeps Google away", async () => {
    const { cause, findings } = await probed(scenario("health-check-blocked-by-firewall"));
    expect(cause?.code).toBe("GID623");
    expect(findings.find(({ code }) => code === "GID625")).toMatchObject({ severity: "info" });
  });

  it.each(HEALTHY.slice(0, 5))("asks nobody in a healthy cluster: $name", async (healthy) => {
    const { verdict } = await probed(healthy);
    expect(verdict).toBe("Healthy");
    expect(world.network.connections).toEqual([]);
  });
});
