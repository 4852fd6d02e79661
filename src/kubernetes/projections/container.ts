import {
  boundedText,
  compact,
  each,
  filledText,
  flag,
  number,
  numberOrText,
  record,
  text,
} from "../../model/json.ts";
import type { Container, ContainerPort, ContainerProgress, ContainerState, Probe } from "../../model/pod.ts";

/** Projects the containers of a Pod, joined by name with their part of the Pod's status. */
export function projectContainers(spec: unknown, status: unknown): readonly Container[] {
  const statuses = new Map<string | undefined, object>();
  each(status, "containerStatuses", (entry) => statuses.set(text(entry, "name"), entry));
  return each(spec, "containers", (container) =>
    projectContainer(container, statuses.get(text(container, "name"))),
  );
}

/** Projects the first init container that has reported and is not done; statuses come in starting order. */
export function projectPendingInit(spec: unknown, status: unknown): ContainerProgress | undefined {
  const staying = new Set(
    each(spec, "initContainers", (container) =>
      text(container, "restartPolicy") === "Always" ? text(container, "name") : undefined,
    ),
  );
  const entries = each(status, "initContainerStatuses", (entry) => entry);
  const pending = entries.find((entry) => !isInitDone(entry, staying.has(text(entry, "name"))));
  if (pending === undefined) return undefined;
  const name = text(pending, "name") ?? "";
  return compact({ name, image: text(pending, "image") ?? "", ...projectProgress(pending) });
}

/** An init container is done when it ended well; one that stays, as a sidecar does, when it has started. */
function isInitDone(status: object, stays: boolean): boolean {
  const terminated = record(record(status, "state"), "terminated");
  if (stays) return flag(status, "started") === true;
  return number(terminated, "exitCode") === 0 || flag(status, "ready") === true;
}

function projectContainer(container: object, status: object | undefined): Container {
  const preStop = record(record(container, "lifecycle"), "preStop");
  return compact({
    name: text(container, "name") ?? "",
    image: text(container, "image") ?? "",
    ports: each(container, "ports", projectPort),
    readinessProbe: projectProbe(record(container, "readinessProbe")),
    hasPreStop: preStop !== undefined,
    preStopSleepSeconds: number(record(preStop, "sleep"), "seconds"),
    ready: flag(status, "ready") ?? false,
    ...projectProgress(status),
  });
}

function projectProgress(status: object | undefined) {
  const state = record(status, "state");
  return {
    restartCount: number(status, "restartCount") ?? 0,
    waiting: projectState(record(state, "waiting")),
    terminated: projectState(record(state, "terminated")),
    lastTerminated: projectState(record(record(status, "lastState"), "terminated")),
  };
}

function projectPort(entry: object): ContainerPort {
  return compact({
    name: filledText(entry, "name"),
    containerPort: number(entry, "containerPort") ?? 0,
    protocol: filledText(entry, "protocol") ?? "TCP",
  });
}

function projectState(state: object | undefined): ContainerState | undefined {
  if (state === undefined) return undefined;
  return compact({
    reason: text(state, "reason") ?? "",
    message: boundedText(state, "message") || undefined,
    exitCode: number(state, "exitCode"),
  });
}

/** Defaults are the API server's: timeout 1 s, period 10 s, scheme HTTP (Kubernetes Probe reference). */
function projectProbe(probe: object | undefined): Probe | undefined {
  if (probe === undefined) return undefined;
  const shared = {
    timeoutSeconds: number(probe, "timeoutSeconds") || 1,
    periodSeconds: number(probe, "periodSeconds") || 10,
  };
  const http = record(probe, "httpGet");
  if (http !== undefined) {
    return compact({
      kind: "http" as const,
      path: text(http, "path"),
      port: numberOrText(http, "port"),
      scheme: filledText(http, "scheme") ?? "HTTP",
      host: filledText(http, "host"),
      headers: each(http, "httpHeaders", projectHeader),
      ...shared,
    });
  }
  const headers = each<{ name: string; value: string }>(undefined, "", projectHeader);
  const tcp = record(probe, "tcpSocket");
  if (tcp !== undefined) {
    return compact({ kind: "tcp" as const, port: numberOrText(tcp, "port"), headers, ...shared });
  }
  const kind = record(probe, "grpc") === undefined ? ("exec" as const) : ("grpc" as const);
  return Object.freeze({ kind, headers, ...shared });
}

function projectHeader(entry: object): { readonly name: string; readonly value: string } {
  return Object.freeze({ name: text(entry, "name") ?? "", value: text(entry, "value") ?? "" });
}
