import type { BackendConfigHealthCheck } from "../../src/model/gke-config.ts";
import type { Ingress } from "../../src/model/ingress.ts";
import { known } from "../../src/model/observed.ts";
import type { Container } from "../../src/model/pod.ts";
import { stringMap } from "../../src/model/refs.ts";
import type { Service } from "../../src/model/service.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
  backendConfig,
  container,
  ingress,
  NOW,
  negName,
  pod,
  servedAnnotations,
  service,
  snapshot,
} from "./builders.ts";

/** Ingress `web` whose backend Google reports in this state. */
export function reportedAs(state: string, changes: Partial<Ingress> = {}): Ingress {
  const backends = JSON.stringify({ [negName("web")]: state });
  return ingress({
    annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }),
    ...changes,
  });
}

/** The healthy snapshot, except that Google reports the backend UNHEALTHY. */
export function unhealthy(changes: Partial<Snapshot> = {}): Snapshot {
  return snapshot({ ingress: reportedAs("UNHEALTHY"), ...changes });
}

/** Google is not answered, though the kubelet asks the same. */
export const unanswered = unhealthy();

/** The default health check fails, and the one of the BackendConfig stands under a port that is none. */
export const unusedConfig = unhealthy({
  services: known([
    service({
      annotations: webAnnotations({ "cloud.google.com/backend-config": '{"ports":{"8080":"web-bc"}}' }),
    }),
  ]),
  backendConfigs: known([backendConfig({ healthCheck: { requestPath: "/ready" } })]),
  ...podsWith(unprobed()),
});

/** Annotations of Service `web` with NEGs, and a BackendConfig where one is named. */
export function webAnnotations(more: Readonly<Record<string, string>> = {}) {
  return stringMap({ "cloud.google.com/neg": '{"ingress":true}', ...more });
}

/** The Service that names BackendConfig `web-bc` for every port. */
export function configuredService(changes: Partial<Service> = {}): Service {
  const annotation = { "cloud.google.com/backend-config": '{"default":"web-bc"}' };
  return service({ annotations: webAnnotations(annotation), ...changes });
}

/** Sources in which Service `web` has a BackendConfig with this health check. */
export function withHealthCheck(healthCheck: BackendConfigHealthCheck): Partial<Snapshot> {
  return {
    services: known([configuredService()]),
    backendConfigs: known([backendConfig({ healthCheck })]),
  };
}

/** The command that makes BackendConfig `web-http` with this health check and writes the Service's annotation. */
export function newConfig(healthCheck: BackendConfigHealthCheck, annotation: string): string {
  return newConfigWith({ healthCheck }, annotation);
}

/** The command that makes BackendConfig `web-http` with this spec and writes the Service's annotation. */
export function newConfigWith(spec: object, annotation = '{"default":"web-http"}'): string {
  const metadata = { name: "web-http", namespace: "shop" };
  const manifest = { apiVersion: "cloud.google.com/v1", kind: "BackendConfig", metadata, spec };
  return `printf %s '${JSON.stringify(manifest)}' | kubectl apply -f - && kubectl annotate --overwrite service web -n shop 'cloud.google.com/backend-config=${annotation}'`;
}

/** A container without a readiness probe. */
export function unprobed(changes: Partial<Container> = {}): Container {
  const { readinessProbe: _probe, ...rest } = container();
  return { ...rest, ...changes };
}

/** Two ready pods of Service `web` with this container, as old as the Ingress. */
export function podsWith(one: Container): Pick<Snapshot, "pods"> {
  return { pods: known([pod(1, { containers: [one] }), pod(2, { containers: [one] })]) };
}

/** A Service reached through instance groups, with node port 30080. */
export function nodePortService(changes: Partial<Service> = {}): Service {
  const { ports: [port] = [] } = service();
  return service({
    type: "NodePort",
    annotations: stringMap({}),
    ports: port === undefined ? [] : [{ ...port, nodePort: 30080 }],
    ...changes,
  });
}

/** Ingress `web` whose instance group backend on node port 30080 Google reports in this state. */
export function reportedNodePort(state: string): Ingress {
  const backends = JSON.stringify({ "k8s-be-30080--7c1e09d2": state });
  return ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }) });
}

/** Half an hour before {@link NOW}: younger than the Ingress, older than any delay of its annotation. */
export const HALF_AN_HOUR_AGO = NOW - 30 * 60_000;
