import type { ContainerState, Probe } from "../../model/pod.ts";
import type { TroubledPod } from "./pod-census.ts";
import type { ContainerTrouble } from "./pod-trouble.ts";

/**
 * Tells what keeps a pod from being ready, as a clause without a full stop.
 *
 * It holds no count and no age, so it stays the same while the trouble does.
 */
export function describeTrouble({ pod, trouble }: TroubledPod): string {
  const name = `pod ${pod.ref.name}`;
  switch (trouble.kind) {
    case "unschedulable":
      return `${name} waits for a node: ${sentence(trouble.message) || trouble.reason}`;
    case "image":
      return `${containerOf(trouble)} of ${name} cannot get image ${trouble.image} (${trouble.reason})`;
    case "refused":
      return `${containerOf(trouble)} of ${name} cannot be made (${trouble.reason}): ${sentence(trouble.message)}`;
    case "crash":
      return `${containerOf(trouble)} of ${name} is in a crash loop (CrashLoopBackOff); ${describeEnd(trouble.end)}`;
    case "starting":
      return describeStart(name, trouble);
    case "probe":
      return `the readiness probe of container ${trouble.container} of ${name}, ${describeProbe(trouble.probe)}, does not succeed`;
    case "unready":
      return `container ${trouble.container} of ${name} runs and is not ready`;
    case "gate":
      return `readiness gate ${trouble.gate} of ${name} is not true`;
    case "node-lost":
      return `node ${pod.nodeName ?? "of the pod"}, on which ${name} runs, does not report`;
  }
}

/** Tells what a readiness probe asks, e.g. `HTTP GET /healthz on port 8080`. */
export function describeProbe({ kind, path, port, scheme }: Probe): string {
  switch (kind) {
    case "http":
      return `${scheme ?? "HTTP"} GET ${path === undefined || path === "" ? "/" : path} on port ${port ?? "unknown"}`;
    case "tcp":
      return `TCP connection to port ${port ?? "unknown"}`;
    case "grpc":
      return "gRPC health check";
    case "exec":
      return "command in the container";
  }
}

/** Names of the signals behind the exit codes 128 + n that crashing containers usually show. */
const SIGNALS: ReadonlyMap<number, string> = new Map([
  [134, "aborted, SIGABRT"],
  [137, "killed, SIGKILL"],
  [139, "invalid memory access, SIGSEGV"],
  [143, "terminated, SIGTERM"],
]);

function describeEnd(end: ContainerState | undefined): string {
  if (end === undefined) return "it never ran";
  const { exitCode, reason, message } = end;
  if (reason === "OOMKilled") return `it was last killed for using more memory than its limit (OOMKilled)`;
  if (reason === "StartError" || reason === "ContainerCannotRun")
    return `it cannot be started: ${sentence(message ?? "") || reason}`;
  if (exitCode === 0) return "it last ended by itself with exit code 0";
  if (exitCode === undefined) return `it last ended with reason ${reason || "unknown"}`;
  const meaning = SIGNALS.get(exitCode) ?? reason;
  return `it last ended with exit code ${exitCode}${meaning === "" ? "" : ` (${meaning})`}`;
}

function describeStart(name: string, { init, reason }: { readonly init?: string; readonly reason: string }) {
  if (init !== undefined) return `init container ${init} of ${name} has not finished`;
  return `the containers of ${name} have not been started${reason === "" ? "" : ` (${reason})`}`;
}

function containerOf({ container, init }: ContainerTrouble): string {
  return `${init ? "init container" : "container"} ${container}`;
}

/** Text of a status message that can stand inside a sentence. */
function sentence(text: string): string {
  return text.trim().replace(/\.+$/, "");
}
