import { SharedCloudReader } from "../../src/gcp/cloud-reader.ts";
import type { ComputeApi } from "../../src/gcp/compute-api.ts";
import { ComputeReader } from "../../src/gcp/compute-reader.ts";
import { ComputeStore } from "../../src/gcp/compute-store.ts";
import { anonymous } from "../../src/gcp/credentials.ts";
import { ReadGate } from "../../src/gcp/read-gate.ts";
import { NOT_READ } from "../../src/gcp/tracked.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import type { LoadBalancer } from "../../src/model/load-balancer.ts";
import { known, type Observed } from "../../src/model/observed.ts";
import type { ObjectKey } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Clock, Logger } from "../../src/reconciler/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";

/** No cap: an emulator has no quota. */
export const UNCAPPED = 10_000_000;

/** Where and when is read. */
export interface Reading {
  readonly api: ComputeApi;
  readonly project: string;
  /** The time to say it was read at. */
  readonly readAt: number;
}

/** An Ingress with the Services that it sends traffic to. */
interface Asked {
  readonly ingress: Ingress;
  readonly services: readonly ObjectKey[];
}

/** Reads the load balancers of Ingresses as the controller does, once and to the end. */
export async function readOnce(
  { api, project, readAt }: Reading,
  asked: readonly Asked[],
): Promise<readonly Observed<LoadBalancer>[]> {
  const { reader, reads } = connectReader(api, project, { ...systemClock, now: () => readAt });
  const observe = () => asked.map(({ ingress, services }) => reader.observe(ingress, services));
  reads.start();
  await reads.idle();
  // The collections tell which backend services the Ingresses have; their health is read next.
  observe();
  await reads.idle();
  reads.stop();
  return observe();
}

/** The Ingress of a snapshot, with every Service of its namespace. */
export function askedIn({ ingress, services }: Snapshot): Asked {
  const all = services.known ? services.value : [];
  const own = all.filter(({ ref }) => ref.namespace === ingress.ref.namespace);
  return { ingress, services: own.map(({ ref }) => `${ref.namespace}/${ref.name}`) };
}

function connectReader(api: ComputeApi, project: string, clock: Clock) {
  const store = new ComputeStore(() => project);
  const reader = new SharedCloudReader({
    store,
    clock,
    pending: () => NOT_READ,
    ingresses: { get: () => known(undefined) },
    want: (backends) => reads.want(backends),
    hurry: () => undefined,
  });
  const reads: ComputeReader = new ComputeReader({
    store,
    gate: new ReadGate({ credentials: anonymous, clock, random: () => 0.5 }),
    clock,
    logger: NO_LOG,
    random: () => 0.5,
    callsPerMinute: UNCAPPED,
    connect: () => Promise.resolve({ api, region: undefined }),
    onChange: () => undefined,
  });
  return { reader, reads };
}

const ignore = (): void => undefined;
const NO_LOG: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
