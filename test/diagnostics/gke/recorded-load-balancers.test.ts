import { expect, it } from "vitest";
import type { ResolvedBackend } from "../../../src/diagnostics/gke/backend.ts";
import { goPortText, parseBackendDescription } from "../../../src/diagnostics/gke/backend-description.ts";
import {
  type EffectiveHealthCheck,
  effectiveHealthCheck,
} from "../../../src/diagnostics/gke/health-check.ts";
import { lookupIn } from "../../../src/diagnostics/gke/lookup.ts";
import { frontendNamesV2, instanceGroupBackendName, negName } from "../../../src/diagnostics/gke/names.ts";
import { builtObjects } from "../../../src/diagnostics/gke/status-annotations.ts";
import { translateIngress } from "../../../src/diagnostics/gke/translate.ts";
import { known } from "../../../src/model/observed.ts";
import { type Recording, readRecordings } from "../../recordings/recording.ts";
import { projectAll, snapshotsOf } from "../../support/object-snapshots.ts";
import { describeWithShared, sharedPath } from "../../support/shared.ts";

interface RecordedHealthCheck {
  readonly name: string;
  readonly type: string;
  readonly checkIntervalSec: number;
  readonly timeoutSec: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly httpHealthCheck?: HttpSettings;
  readonly httpsHealthCheck?: HttpSettings;
  readonly http2HealthCheck?: HttpSettings;
}

interface HttpSettings {
  readonly requestPath: string;
  readonly host?: string;
  readonly port?: number;
  readonly portSpecification?: string;
}

function compute<T>(recording: Recording, collection: string): readonly T[] {
  return (recording.compute?.[collection] as readonly T[] | undefined) ?? [];
}

/** Backends by the name of their health check. */
function backendsOf({ objects }: Recording, clusterUid: string) {
  const backends = new Map<string, ResolvedBackend>();
  for (const snapshot of snapshotsOf(objects, 0)) {
    for (const { resolution } of translateIngress(snapshot.ingress, lookupIn(snapshot)).targets) {
      const backend = resolution.known ? resolution.value.backend : undefined;
      if (backend !== undefined) backends.set(backendName(backend, clusterUid), backend);
    }
  }
  return backends;
}

function backendName({ mode, service, port }: ResolvedBackend, clusterUid: string): string {
  const { namespace, name } = service.ref;
  return mode === "neg"
    ? negName(clusterUid, { namespace, service: name, port: port.port })
    : instanceGroupBackendName(clusterUid, port.nodePort ?? 0);
}

interface NegDescription {
  readonly "cluster-uid": string;
  readonly namespace: string;
  readonly "service-name": string;
  readonly port: string;
}

describeWithShared("load balancers that the real controller built", () => {
  const recordings = readRecordings(sharedPath("recordings"));
  // All recordings are of one cluster, and its firewall rule is named after that and nothing else.
  const [firewall] = recordings.flatMap((recording) => compute<{ name: string }>(recording, "firewalls"));
  const clusterUid = firewall?.name.split("--")[1] ?? "";

  it("have the health checks that the model expects", () => {
    let compared = 0;
    for (const recording of recordings) {
      const backends = backendsOf(recording, clusterUid);
      const pods = known(projectAll(recording.objects).pods);
      for (const recorded of compute<RecordedHealthCheck>(recording, "healthChecks")) {
        const backend = backends.get(recorded.name);
        if (backend === undefined) continue;
        const expected = effectiveHealthCheck(backend, pods);
        if (!expected.known) throw new Error("unknown");
        expect({ in: recording.name, ...modelled(expected.value) }).toEqual({
          in: recording.name,
          ...asModel(recorded),
        });
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it("have the NEG names that the model gives to Service ports", () => {
    let compared = 0;
    for (const recording of recordings) {
      for (const neg of compute<{ name: string; description?: string }>(recording, "networkEndpointGroups")) {
        // Names of standalone NEGs are the user's own.
        if (!neg.name.startsWith("k8s1-")) continue;
        const { namespace, port, ...more } = JSON.parse(neg.description ?? "{}") as NegDescription;
        const service = more["service-name"];
        expect(neg.name).toBe(negName(clusterUid, { namespace, service, port: Number(port) }));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it("have the frontend names of the second scheme", () => {
    let compared = 0;
    for (const recording of recordings) {
      const [neg] = compute<{ description?: string }>(recording, "networkEndpointGroups");
      const uid = (JSON.parse(neg?.description ?? "{}") as Partial<NegDescription>)["cluster-uid"];
      for (const ingress of projectAll(recording.objects).ingresses) {
        const { sslCertificates, staticIp, ...built } = builtObjects(ingress);
        if (uid === undefined || built.urlMap === undefined) continue;
        const names = frontendNamesV2(uid, ingress.ref.namespace, ingress.ref.name);
        expect(Object.values(names)).toEqual(expect.arrayContaining(Object.values(built)));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it("describe their backend services in a form the model reads", () => {
    for (const recording of recordings) {
      for (const { description = "" } of compute<{ description?: string }>(recording, "backendServices")) {
        const parsed = parseBackendDescription(description);
        expect(description).toContain(JSON.stringify(parsed?.service));
        expect(JSON.parse(description)["kubernetes.io/service-port"]).toBe(goPortText(parsed?.port ?? {}));
      }
    }
  });
});

function modelled(check: EffectiveHealthCheck) {
  const { value: port } = check.port;
  return {
    type: check.type.value,
    path: check.path.value,
    host: check.host.value,
    times: [check.intervalSec.value, check.timeoutSec.value],
    thresholds: [check.healthyThreshold.value, check.unhealthyThreshold.value],
    port: port.kind === "serving" ? "serving" : port.number,
  };
}

function asModel(recorded: RecordedHealthCheck) {
  const http = recorded.httpHealthCheck ?? recorded.httpsHealthCheck ?? recorded.http2HealthCheck;
  return {
    type: recorded.type,
    path: http?.requestPath,
    host: http?.host ?? "",
    times: [recorded.checkIntervalSec, recorded.timeoutSec],
    thresholds: [recorded.healthyThreshold, recorded.unhealthyThreshold],
    port: http?.portSpecification === "USE_SERVING_PORT" ? "serving" : http?.port,
  };
}
