import type { TestClient } from "../client.ts";
import type { Pod } from "../pod.ts";
import { type HealthCheck, isHealthy, negEndpoints } from "./health.ts";
import type { NamespaceObjects } from "./objects.ts";
import { recordEvent } from "./recorder.ts";
import type { Backend } from "./translate.ts";

const GATE = "cloud.google.com/load-balancer-neg-ready";

/** Opens or closes the readiness gate of the backend's pods that carry one, as the load balancer sees them. */
export async function syncReadinessGates(
  client: TestClient,
  objects: NamespaceObjects,
  backend: Backend,
  check: HealthCheck,
): Promise<void> {
  for (const endpoint of negEndpoints(objects, backend.service, backend.port)) {
    const { pod } = endpoint;
    const isGated = pod?.spec.readinessGates?.some((gate) => gate.conditionType === GATE) === true;
    if (!isGated) continue;
    const [reason, message] = isHealthy(endpoint, check)
      ? ["LoadBalancerNegReady", readyMessage(backend.name, endpoint.zone)]
      : ["LoadBalancerNegNotReady", waitingMessage(backend.name)];
    await writeCondition(client, pod, reason, message);
  }
}

async function writeCondition(client: TestClient, pod: Pod, reason: string, message: string): Promise<void> {
  const stored = pod.status?.conditions?.find((condition) => condition.type === GATE);
  if (stored?.reason === reason) return;
  // The controller leaves the status of a waiting pod empty, neither True nor False.
  const status = reason === "LoadBalancerNegReady" ? "True" : "";
  const path = await client.path("v1/Pod", pod.metadata.namespace, pod.metadata.name);
  await client.request("PATCH", `${path}/status`, {
    body: { status: { conditions: [{ type: GATE, status, reason, message }] } },
    contentType: "application/strategic-merge-patch+json",
  });
  await recordEvent(client, { about: pod, component: "neg-readiness-reflector", reason, message });
}

function readyMessage(neg: string, zone: string): string {
  return (
    `Pod has become Healthy in NEG "Key{\\"${neg}\\", zone: \\"${zone}\\"}" attached to BackendService ` +
    `"Key{\\"${neg}\\"}". Marking condition "${GATE}" to True.`
  );
}

function waitingMessage(neg: string): string {
  return `Waiting for pod to become healthy in at least one of the NEG(s): [${neg}]`;
}
