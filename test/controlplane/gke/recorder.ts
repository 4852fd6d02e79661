import { createHash } from "node:crypto";
import type { TestClient } from "../client.ts";
import type { KubeObject } from "../kube-object.ts";

export type Component = "loadbalancer-controller" | "neg-controller" | "neg-readiness-reflector";

export interface EventInput {
  readonly about: KubeObject;
  readonly component: Component;
  readonly type?: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

interface StoredEvent extends KubeObject {
  readonly count: number;
}

/** Writes a v1 Event as client-go's recorder does: the same Event again only raises its count. */
export async function recordEvent(client: TestClient, input: EventInput): Promise<void> {
  const { about, component, type = "Normal", reason, message } = input;
  const { name, namespace = "default", uid = "", resourceVersion } = about.metadata;
  const id = createHash("sha256").update([uid, component, type, reason, message].join("\n")).digest("hex");
  const eventName = `${name}.${id.slice(0, 16)}`;
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const existing = await client.find<StoredEvent>("v1/Event", eventName, namespace);
  if (existing !== undefined) {
    await client.patch(existing, { count: existing.count + 1, lastTimestamp: now });
    return;
  }
  const { apiVersion, kind } = about;
  await client.create({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: eventName, namespace },
    involvedObject: { apiVersion, kind, namespace, name, uid, resourceVersion },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
