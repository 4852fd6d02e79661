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
import { sharedText, shareEqual } from "./sharing.ts";

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
  const restartCount = number(pending, "restartCount") ?? 0;
  return compact({ name, image: text(pending, "image") ?? "", restartCount }, projectStates(pending));
}

/** An init container is done when it ended well; one that stays, as a sidecar does, when it has started. */
function isInitDone(status: object, stays: boolean): boolean {
  const terminated = record(record(status, "state"), "terminated");
  if (stays) return flag(status, "started") === true;
  return number(terminated, "exitCode") === 0 || flag(status, "ready") === true;
}

function projectContainer(container: object, status: object | undefined): Container {
  const preStop = record(record(container, "lifecycle"), "preStop");
  const required = {
    name: sharedText(container, "name") ?? "",
    image: sharedText(container, "image") ?? "",
    ports: shareEqual(each(container, "ports", projectPort)),
    hasPreStop: preStop !== undefined,
    ready: flag(status, "ready") ?? false,
    restartCount: number(status, "restartCount") ?? 0,
  };
  return compact(required, {
    readinessProbe: shareEqual(projectProbe(record(container, "readinessProbe"))),
    preStopSleepSeconds: number(record(preStop, "sleep"), "seconds"),
    ...projectStates(status),
  });
}

function projectStates(status: object | undefined) {
  const state = record(status, "state");
  return {
    waiting: projectState(record(state, "waiting")),
    terminated: projectState(record(state, "terminated")),
    lastTerminated: projectState(record(record(status, "lastState"), "terminated")),
  };
}

function projectPort(entry: object): ContainerPort {
  return compact(
    {
      containerPort: number(entry, "containerPort") ?? 0,
      protocol: sharedText(entry, "protocol") ?? "TCP",
    },
    { name: sharedText(entry, "name") || undefined },
  );
}

function projectState(state: object | undefined): ContainerState | undefined {
  if (state === undefined) return undefined;
  return compact(
    { reason: text(state, "reason") ?? "" },
    { message: boundedText(state, "message") || undefined, exitCode: number(state, "exitCode") },
  );
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
    return compact(
      {
        kind: "http" as const,
        scheme: sharedText(http, "scheme") ?? "HTTP",
        headers: each(http, "httpHeaders", projectHeader),
        ...shared,
      },
      { path: sharedText(http, "path"), port: numberOrText(http, "port"), host: filledText(http, "host") },
    );
  }
  const headers = each<{ name: string; value: string }>(undefined, "", projectHeader);
  const tcp = record(probe, "tcpSocket");
  if (tcp !== undefined) {
    return compact({ kind: "tcp" as const, headers, ...shared }, { port: numberOrText(tcp, "port") });
  }
  const kind = record(probe, "grpc") === undefined ? ("exec" as const) : ("grpc" as const);
  return Object.freeze({ kind, headers, ...shared });
}

function projectHeader(entry: object): { readonly name: string; readonly value: string } {
  return Object.freeze({ name: text(entry, "name") ?? "", value: text(entry, "value") ?? "" });
}
