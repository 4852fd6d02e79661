import { BLOCKING_STAGES } from "./cause.ts";
import type { RouteDiagnosis, Verdict } from "./diagnosis.ts";
import type { Finding, Symptom } from "./finding.ts";
import { counted } from "./text.ts";
import type { Topology } from "./topology.ts";

/** Answers that mean a client does not get what the route promises. */
const FAILED_ANSWERS: ReadonlySet<string> = new Set(["404", "502", "503", "none"]);

/** What the verdict is drawn from. */
export interface Judgement {
  readonly topology: Topology;
  /** Findings after suppression, linked to their cause. */
  readonly findings: readonly Finding[];
  readonly cause: Finding | undefined;
  readonly routes: readonly RouteDiagnosis[];
}

/** Draws the verdict; see {@link Verdict} for what each value promises. */
export function verdictOf({ topology, findings, cause, routes }: Judgement): Verdict {
  if (cause !== undefined) {
    return cause.severity === "error" && nothingWorks(topology, cause, routes) ? "Broken" : "Degraded";
  }
  if (topology.ownership.kind !== "owned") return "Unknown";
  if (topology.settling.open && (findings.some((finding) => finding.settling) || !confirmed(topology))) {
    return "Progressing";
  }
  return readable(topology) ? "Healthy" : "Unknown";
}

function nothingWorks(topology: Topology, cause: Finding, routes: readonly RouteDiagnosis[]): boolean {
  if (topology.ownership.kind !== "owned" || topology.ingress.addresses.length === 0) return true;
  if (cause.stage === "deletion") return false;
  return routes.length > 0 && routes.every((route) => FAILED_ANSWERS.has(route.answer));
}

/** True when the load balancer itself shows that the newest change has arrived. */
function confirmed(topology: Topology): boolean {
  if (topology.ingress.addresses.length === 0 || !topology.sync.known) return false;
  const { lastSuccessAt } = topology.sync.value;
  if (lastSuccessAt === undefined || lastSuccessAt < topology.settling.changedAt) return false;
  return topology.backends.every(
    (backend) => backend.origin === "system-default" || backend.annotatedHealth === "HEALTHY",
  );
}

/** True when the objects that carry a request could be read, so that silence means health. */
function readable(topology: Topology): boolean {
  return topology.backends.every((backend) => backend.resolution.known && backend.endpoints.known);
}

/** The one symptom to show for a diagnosis: what clients of this Ingress see of its most likely cause. */
export function symptomOf(cause: Finding | undefined, topology: Topology): Symptom | "none" {
  if (cause === undefined) return "none";
  const { symptoms, stage } = cause;
  if (!symptoms.includes("no-address")) return symptoms[0] ?? "degraded";
  if (topology.ingress.addresses.length === 0) return "no-address";
  // The load balancer still serves what it was built from before the sync began to fail.
  return (
    symptoms.find((symptom) => symptom !== "no-address") ??
    (BLOCKING_STAGES.has(stage) ? "stale" : "degraded")
  );
}

/** One sentence for the status, the Event and the first line of the report. */
export function summaryOf(verdict: Verdict, { cause, routes, topology }: Judgement): string {
  if (cause !== undefined) return cause.message;
  if (topology.ownership.kind !== "owned") return "GKE does not serve this Ingress, so nothing was checked.";
  switch (verdict) {
    case "Progressing":
      return topology.settling.because === "creation"
        ? "The load balancer is still being created; nothing contradicts that it will serve."
        : "A recent change is still reaching the load balancer; nothing contradicts that it will serve.";
    case "Healthy":
      return routes.length === 0
        ? "The default backend is expected to serve every request."
        : `${counted(routes.length, "route")} ${routes.length === 1 ? "is" : "are"} expected to be served.`;
    default:
      return "Not enough could be read to tell whether requests are served.";
  }
}
