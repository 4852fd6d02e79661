import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { diagnose } from "../../src/diagnostics/engine.ts";
import { CALLS_PER_MINUTE } from "../../src/gcp/google-cloud.ts";
import { DENIED_MS } from "../../src/gcp/read-gate.ts";
import type { Service } from "../../src/model/service.ts";
import type { IngressDiagnosisStatus } from "../../src/reconciler/status-types.ts";
import type { Scene } from "../mutations/life.ts";
import { HEALTHY, staged } from "../scenarios/scenario.ts";
import { PROJECT, World } from "../scenarios/world.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";
import { ComputeEmulator } from "./compute-api/emulator.ts";
import { FAULTS, type Fault } from "./compute-api/faults.ts";
import { selfLinkOf } from "./compute-api/resources.ts";
import { LiveController } from "./live-controller.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const KEY = "shop/web";
const MINUTE = 60_000;

/** Longest time between two reads of the same thing while Google answers, in milliseconds. */
const INTERVAL = 62_000;

/** What becomes unknown at a time of its own: the lists, and the health of four backends. */
const PARTS = 5;

/** What the diagnosis says would help, by fault. */
const NEEDS: Readonly<Record<Fault, RegExp>> = {
  forbidden: /^role with compute\./,
  "rate-limited-403": /^read quota/,
  "api-disabled": /^the Compute Engine API enabled/,
  "not-found": /^the id of a project/,
  unauthorized: /^a token that the Compute Engine API accepts/,
  "too-many-requests": /^read quota/,
  "internal-error": /to be available$/,
  unavailable: /to be available$/,
  "bad-gateway-page": /to be available$/,
  empty: /^a complete answer/,
  truncated: /^a complete answer/,
  reset: /to be available$/,
  hang: /in time$/,
  drip: /in time$/,
  flood: /^a complete answer/,
};

/** Refusals of a permission are asked about again only after ten minutes. */
const SLOW_RECOVERY: ReadonlySet<Fault> = new Set(["forbidden", "api-disabled"]);

const emulator = new ComputeEmulator();
let base = "";
let scene: Scene;
let world: World;
let controller: LiveController;

beforeAll(async () => {
  base = await emulator.start();
});
afterAll(() => emulator.stop());

/** Three backends, of which one is unhealthy: its pods answer 404 where Google asks. */
beforeEach(async () => {
  const multiHost = HEALTHY.find(({ name }) => name === "multi-host");
  if (multiHost === undefined) throw new Error("There is no such scenario.");
  emulator.fail();
  emulator.resources.clear();
  const region = selfLinkOf(`projects/${PROJECT}/regions/us-central1`);
  emulator.resources.put({ name: "us-central1", selfLink: region, quotas: [] });
  scene = staged(multiHost).now;
  world = new World(emulator.resources);
  await world.startPods(scene.cluster, { behaviours: { api: { otherwise: 404 } }, truth: scene.cluster });
  await world.serve(snapshotsOf(scene.cluster.objects, scene.seenAt), () => undefined);
  world.reportHealth(scene.cluster);
  controller = new LiveController(scene, emulator, base);
  await controller.pass(2 * MINUTE);
});
afterEach(async () => {
  controller.stop();
  await world.stop();
});

function codes(findings: readonly { readonly severity: string; readonly code: string }[]): readonly string[] {
  return findings.filter(({ severity }) => severity !== "info").map(({ code }) => code);
}

function published(): readonly string[] {
  return codes(controller.status(KEY).findings);
}

/** Codes that Kubernetes alone gives rise to. */
function withoutGoogle(): readonly string[] {
  return snapshotsOf(scene.cluster.objects, scene.seenAt).flatMap((one) => codes(diagnose(one).findings));
}

/** Takes a Service away and puts it back; answers the simulated milliseconds until both are published. */
async function changeInKubernetes(): Promise<readonly number[]> {
  const { cluster } = controller;
  const service = cluster.listers.services.get("shop/img");
  if (!service.known || service.value === undefined) throw new Error("There is no Service shop/img.");
  cluster.remove("services", "shop", "img");
  const gone = await controller.until(KEY, ({ findings }) => codes(findings).includes("GID401"));
  cluster.put("services", service.value as Service);
  const back = await controller.until(KEY, ({ findings }) => !codes(findings).includes("GID401"));
  return [gone, back];
}

describe("while Google answers", () => {
  it("the diagnosis is drawn from its state, and nothing is written anew", async () => {
    const status = controller.status(KEY);
    expect(status.undecided?.map(({ question }) => question)).toEqual([expect.stringMatching(/pods answer/)]);
    expect(status.backends?.map(({ service, endpoints }) => [service, endpoints])).toMatchObject([
      ["api", { healthy: 0, unhealthy: 3 }],
      ["default-http-backend", { healthy: 1, unhealthy: 0 }],
      ["img", { healthy: 3, unhealthy: 0 }],
      ["web", { healthy: 3, unhealthy: 0 }],
    ]);
    const written = controller.writer.requests.length;
    await controller.pass(5 * MINUTE);
    expect(controller.writer.requests.length).toBe(written);
  });
});

describe.each(FAULTS)("five minutes of nothing but %s", (fault) => {
  it("cost what only Google knows, and nothing else", async () => {
    const before = controller.status(KEY);
    const usual = await changeInKubernetes();
    const [withGoogle, alone] = [published(), withoutGoogle()];
    const certain = withGoogle.filter((code) => alone.includes(code));
    expect(certain.length).toBeGreaterThan(0);
    const began = controller.clock.monotonic();
    const written = controller.writer.requests.length;

    emulator.fail({ fault });
    for (let seconds = 0; seconds < 300; seconds += 10) {
      await controller.pass(10_000);
      const now = published();
      const invented = now.filter((code) => !withGoogle.includes(code) && !alone.includes(code));
      const withdrawn = certain.filter((code) => !now.includes(code));
      expect({ invented, withdrawn }).toEqual({ invented: [], withdrawn: [] });
    }
    expect(controller.status(KEY).undecided?.map(({ needs }) => needs)).toContainEqual(
      expect.stringMatching(NEEDS[fault]),
    );
    expect(controller.writer.requests.length - written, "writes").toBeLessThanOrEqual(PARTS);
    expect(await changeInKubernetes()).toEqual(usual);

    emulator.fail();
    await controller.pass(SLOW_RECOVERY.has(fault) ? DENIED_MS : INTERVAL);
    expect(withoutTimes(controller.status(KEY))).toEqual(withoutTimes(before));
    expect(controller.busiestMinute(began)).toBeLessThanOrEqual(CALLS_PER_MINUTE);
  });
});

function withoutTimes(status: IngressDiagnosisStatus): unknown {
  return JSON.parse(
    JSON.stringify(status, (key, value) => (/time$/i.test(key) ? undefined : (value as unknown))),
  );
}
