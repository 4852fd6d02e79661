import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { ApplyingDiagnosisWriter, FIELD_MANAGER } from "../../../src/kubernetes/diagnosis-writer.ts";
import { EventWriter } from "../../../src/kubernetes/event-writer.ts";
import type { Transport } from "../../../src/kubernetes/transport.ts";
import type { DiagnosisWriteResult, EventRequest, StoredDiagnosis } from "../../../src/reconciler/ports.ts";
import { reduceStatus } from "../../../src/reconciler/stored-status.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";
import { TestClient } from "../../controlplane/client.ts";
import { eventually } from "../../controlplane/eventually.ts";
import type { KubeObject } from "../../controlplane/kube-object.ts";
import { parseManifests } from "../../controlplane/manifests.ts";
import { createNamespace } from "../../controlplane/namespace.ts";
import { configOf, createTransport } from "./harness.ts";

const CRD = new URL("../../../deploy/crds/ingressdiagnoses.ingressdoctor.dev.yaml", import.meta.url);
const KIND = "ingressdoctor.dev/v1alpha1/IngressDiagnosis";
const connection = inject("controlPlane");
const { signal } = new AbortController();
let client: TestClient;
let transport: Transport;
let namespace: string;
beforeAll(async () => {
  client = new TestClient(connection);
  transport = createTransport(configOf(connection));
  for (const manifest of parseManifests(readFileSync(CRD, "utf8"))) await client.apply(manifest);
  await eventually(() => client.list(KIND));
});
afterAll(async () => {
  await transport.close();
  await client.close();
});
beforeEach(async () => {
  namespace = await createNamespace(client, "write");
});

describe("diagnoses", () => {
  let writer: ApplyingDiagnosisWriter;
  beforeAll(() => {
    writer = new ApplyingDiagnosisWriter({ client: transport, clock: systemClock, status: reduceStatus });
  });

  test("are created with their owner, and a second time nothing changes", async () => {
    const stored = await ensured();
    expect(stored).toMatchObject({
      ownerUid: "ingress-uid",
      deleting: false,
      ref: { namespace, name: "web" },
    });
    const again = await ensured();
    expect(again.resourceVersion).toBe(stored.resourceVersion);
    const raw = await client.get<KubeObject & { metadata: { ownerReferences: object[] } }>(
      KIND,
      "web",
      namespace,
    );
    expect(raw.metadata.ownerReferences).toEqual([
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        name: "web",
        uid: "ingress-uid",
        controller: true,
      },
    ]);
  });

  test("a status is written whole, equal bytes change nothing, and foreign fields stay", async () => {
    const empty = await ensured();
    const first = written(await writer.applyStatus(version(empty), status("Healthy"), signal));
    const again = written(await writer.applyStatus(version(first), status("Healthy"), signal));
    expect(again.resourceVersion).toBe(first.resourceVersion);
    expect(again.status).toMatchObject({ verdict: "Healthy" });
    const object = { apiVersion: "ingressdoctor.dev/v1alpha1", kind: "IngressDiagnosis" };
    const labelled = await client.patch(
      { ...object, metadata: { name: "web", namespace } },
      { metadata: { labels: { team: "a" } } },
    );

    const { resourceVersion = "" } = labelled.metadata;
    const changed = written(
      await writer.applyStatus(version({ resourceVersion }), status("Unknown"), signal),
    );
    expect(changed.status).toMatchObject({ verdict: "Unknown" });
    const raw = await client.get<KubeObject & Stored>(KIND, "web", namespace);
    expect(raw.metadata.labels).toEqual({ team: "a" });
    expect(raw.status).not.toHaveProperty("settlesAt");
    const managers = raw.metadata.managedFields.map(({ manager, subresource }) => [manager, subresource]);
    expect(managers).toContainEqual([FIELD_MANAGER, "status"]);
  });

  test("a status that follows from an older version is refused, and changes nothing", async () => {
    const empty = await ensured();
    const first = written(await writer.applyStatus(version(empty), status("Healthy"), signal));
    expect(await writer.applyStatus(version(empty), status("Unknown"), signal)).toEqual({
      outcome: "conflict",
    });
    const raw = await client.get<KubeObject & Stored>(KIND, "web", namespace);
    expect(raw.metadata.resourceVersion).toBe(first.resourceVersion);
  });

  test("an object that is gone is said to be gone", async () => {
    const stored = await ensured();
    const { uid } = stored;
    expect(await writer.remove({ key: `${namespace}/web`, uid: "other" }, signal)).toEqual({
      outcome: "gone",
    });
    expect(await client.find(KIND, "web", namespace)).toBeDefined();
    expect(await writer.remove(target(uid), signal)).toEqual({ outcome: "gone" });
    expect(await client.find(KIND, "web", namespace)).toBeUndefined();
    expect(await writer.applyStatus(version(stored), status("Healthy"), signal)).toEqual({ outcome: "gone" });
    expect(await client.find(KIND, "web", namespace)).toBeUndefined();
    expect(await writer.remove(target(uid), signal)).toEqual({ outcome: "gone" });
  });

  test("what the server refuses is said in one word each", async () => {
    const stored = await ensured();
    expect(await writer.applyStatus(version(stored), { verdict: "Splendid" }, signal)).toEqual({
      outcome: "rejected",
    });
    const elsewhere = {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      namespace: "nowhere-1",
      name: "web",
    };
    expect(await writer.ensure({ ref: elsewhere, uid: "u" }, signal)).toEqual({ outcome: "gone" });
    expect(await writer.ensure(owner(), AbortSignal.abort())).toEqual({ outcome: "aborted" });

    const stranger = createTransport(configOf({ ...connection, token: await strangersToken() }));
    const refused = new ApplyingDiagnosisWriter({
      client: stranger,
      clock: systemClock,
      status: reduceStatus,
    });
    expect(await refused.ensure(owner(), signal)).toEqual({ outcome: "forbidden" });
    await stranger.close();
    const unreachable = createTransport(configOf(connection, "https://127.0.0.1:1"));
    const failing = new ApplyingDiagnosisWriter({
      client: unreachable,
      clock: systemClock,
      status: reduceStatus,
    });
    expect(await failing.ensure(owner(), signal)).toEqual({ outcome: "failed" });
    await unreachable.close();
  });

  test("a field that the installed schema lacks is rejected, so that it is not tried again and again", async () => {
    const stored = await ensured();
    const newer = { ...status("Healthy"), invented: true };
    expect(await writer.applyStatus(version(stored), newer, signal)).toEqual({ outcome: "rejected" });
  });

  test("a type that is not installed is unserved", async () => {
    const path = (asked: string) => asked.replace("ingressdoctor.dev", "missing.ingressdoctor.dev");
    const elsewhere = {
      call: (call: Parameters<Transport["call"]>[0]) => transport.call({ ...call, path: path(call.path) }),
      stream: transport.stream.bind(transport),
    };
    const lost = new ApplyingDiagnosisWriter({ client: elsewhere, clock: systemClock, status: reduceStatus });
    expect(await lost.ensure(owner(), signal)).toEqual({ outcome: "unserved" });
  });

  function owner() {
    const ref = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace, name: "web" };
    return { ref, uid: "ingress-uid" };
  }

  async function ensured(): Promise<StoredDiagnosis> {
    return written(await writer.ensure(owner(), signal));
  }

  function version({ resourceVersion }: Pick<StoredDiagnosis, "resourceVersion">) {
    return { key: `${namespace}/web`, resourceVersion };
  }

  function target(uid: string) {
    return { key: `${namespace}/web`, uid };
  }

  async function strangersToken(): Promise<string> {
    return client.createToken(namespace, "default");
  }
});

describe("Events", () => {
  test("are created once under their name", async () => {
    const writer = new EventWriter({
      client: transport,
      clock: systemClock,
      instance: "pod-1",
    });
    expect(await writer.create(event("web.abc"), signal)).toEqual({ outcome: "written" });
    expect(await writer.create(event("web.abc"), signal)).toEqual({ outcome: "exists" });
    expect(
      await client.list("v1/Event", { namespace, fieldSelector: "involvedObject.name=web" }),
    ).toMatchObject([
      {
        metadata: { name: "web.abc" },
        type: "Warning",
        reason: "ServiceMissing",
        message: "Service web does not exist.",
        reportingComponent: "ingress-doctor",
        eventTime: "2026-01-02T03:04:05.678000Z",
      },
    ]);
  });

  test("what the server refuses is rejected", async () => {
    const writer = new EventWriter({ client: transport, clock: systemClock, instance: "i" });
    expect(await writer.create({ ...event("web.long"), note: "x".repeat(1_025) }, signal)).toEqual({
      outcome: "rejected",
    });
  });

  function event(name: string): EventRequest {
    return {
      name,
      regarding: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace, name: "web", uid: "u-1" },
      type: "Warning",
      reason: "ServiceMissing",
      action: "Diagnose",
      note: "Service web does not exist.",
      at: Date.parse("2026-01-02T03:04:05.678Z"),
    };
  }
});

interface Stored {
  readonly metadata: {
    readonly labels?: Record<string, string>;
    readonly managedFields: readonly { readonly manager: string; readonly subresource?: string }[];
  };
  readonly status?: object;
}

function written(result: DiagnosisWriteResult): StoredDiagnosis {
  if (result.outcome !== "written") throw new Error(`the write was ${result.outcome}`);
  return result.stored;
}

function status(verdict: string) {
  return {
    verdict,
    symptom: "none",
    summary: "Every route is served.",
    conditions: [],
    findings: [],
    routes: [],
    routesServed: "0/0",
    counts: { errors: 0, warnings: 0, hints: 0, routes: 0, routesServed: 0 },
    observedGeneration: 1,
    lastTransitionTime: "2026-01-01T00:00:00Z",
    ...(verdict === "Healthy" ? { settlesAt: "2026-01-01T00:10:00Z" } : {}),
  };
}
