import { BLOCKING_STAGES } from "./cause.ts";
import type { ConditionType, DiagnosisCondition, Verdict } from "./diagnosis.ts";
import type { Finding, Stage } from "./finding.ts";
import { counted } from "./text.ts";
import type { Topology } from "./topology.ts";

/** The step of the checklist that a finding of each stage fails. */
const STEP: Readonly<Record<Stage, ConditionType | undefined>> = {
  ownership: "Accepted",
  deletion: "Accepted",
  translation: "RoutesResolved",
  "backend-sync": "Accepted",
  "frontend-sync": "AddressAssigned",
  frontend: undefined,
  endpoints: "EndpointsReady",
  network: "HealthChecksPassing",
  health: "HealthChecksPassing",
  live: "HealthChecksPassing",
  routing: "RoutesResolved",
  hygiene: undefined,
};

/** What the conditions are drawn from. */
export interface ConditionInput {
  readonly topology: Topology;
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
  readonly cause: Finding | undefined;
  readonly summary: string;
}

/** The checklist a person walks by hand, each step with its answer and what decided it. */
export function conditionsOf(input: ConditionInput): readonly DiagnosisCondition[] {
  const { topology, findings } = input;
  const failed = failedSteps(findings);
  const step = (type: ConditionType, healthy: () => DiagnosisCondition): DiagnosisCondition => {
    const finding = failed.get(type);
    return finding ? condition(type, "False", finding.reason, finding.message) : healthy();
  };
  const blocked = findings.find(
    (finding) => finding.severity === "error" && BLOCKING_STAGES.has(finding.stage),
  );
  return [
    ready(input),
    step("Accepted", () => accepted(topology)),
    step("AddressAssigned", () => addressAssigned(topology)),
    step("RoutesResolved", () => routesResolved(topology)),
    step("EndpointsReady", () => endpointsReady(topology, blocked)),
    step("HealthChecksPassing", () => healthChecksPassing(topology, blocked)),
    step("NegsSynced", () => negsSynced(topology)),
    settled(topology),
  ];
}

function failedSteps(findings: readonly Finding[]): ReadonlyMap<ConditionType, Finding> {
  const failed = new Map<ConditionType, Finding>();
  for (const finding of findings) {
    if (finding.severity === "info" || finding.settling) continue;
    const type = finding.code.startsWith("GID7") ? "NegsSynced" : STEP[finding.stage];
    if (type !== undefined && !failed.has(type)) failed.set(type, finding);
  }
  return failed;
}

function ready({ verdict, cause, summary }: ConditionInput): DiagnosisCondition {
  if (verdict === "Healthy") return condition("Ready", "True", "Healthy", summary);
  if (verdict === "Unknown" && cause === undefined)
    return condition("Ready", "Unknown", "Undecided", summary);
  return condition("Ready", "False", cause?.reason ?? verdict, summary);
}

function accepted({ ownership, sync }: Topology): DiagnosisCondition {
  if (ownership.kind !== "owned")
    return condition("Accepted", "False", "NotServedByGke", "GKE does not take this Ingress.");
  if (!sync.known) return condition("Accepted", "Unknown", "Undecided", "Events could not be read.");
  return condition(
    "Accepted",
    "True",
    "ClassMatches",
    "GKE takes this Ingress, and no current error is reported.",
  );
}

function addressAssigned({ ingress, settling }: Topology): DiagnosisCondition {
  if (ingress.addresses.length > 0)
    return condition("AddressAssigned", "True", "Assigned", ingress.addresses.join(", "));
  const reason = settling.open ? "Settling" : "NoAddress";
  return condition("AddressAssigned", "False", reason, "The Ingress status shows no address.");
}

function routesResolved({ translation }: Topology): DiagnosisCondition {
  const [open] = translation.undecided;
  const message = "Every route and the default backend lead to a Service port.";
  return fromObserved("RoutesResolved", open ?? { known: true }, { reason: "Resolved", message });
}

function endpointsReady({ backends }: Topology, blocked: Finding | undefined): DiagnosisCondition {
  let ready = 0;
  for (const { endpoints, origin } of backends) {
    if (!endpoints.known)
      return condition("EndpointsReady", "Unknown", "Undecided", "Endpoints could not be read.");
    if (origin !== "system-default") ready += endpoints.value.ready.length;
  }
  if (blocked && ready === 0) {
    const message = "An earlier step fails, so nothing leads to endpoints.";
    return condition("EndpointsReady", "Unknown", "NotReached", message);
  }
  const message = `${counted(ready, "ready endpoint")} of its own stand behind the Ingress.`;
  return condition("EndpointsReady", "True", "Ready", message);
}

function healthChecksPassing({ backends }: Topology, blocked: Finding | undefined): DiagnosisCondition {
  const type = "HealthChecksPassing";
  if (blocked)
    return condition(type, "Unknown", "NotReached", "An earlier step fails, so health checks say nothing.");
  const own = backends.filter((backend) => backend.origin !== "system-default");
  if (own.length > 0 && own.every((backend) => backend.reportedHealth === "HEALTHY")) {
    return condition(
      type,
      "True",
      "Reported",
      "The load balancer reports a healthy endpoint for every backend.",
    );
  }
  return condition(type, "Unknown", "Undecided", "The load balancer has not reported every backend healthy.");
}

function negsSynced({ backends }: Topology): DiagnosisCondition {
  const unread = backends.find(({ serviceNegs }) => !serviceNegs.known)?.serviceNegs;
  const message = "No network endpoint group reports an error.";
  return fromObserved("NegsSynced", unread ?? { known: true }, { reason: "Synced", message });
}

function settled({ settling }: Topology): DiagnosisCondition {
  return settling.open
    ? condition(
        "Settled",
        "False",
        "Settling",
        `The last ${settling.because} may still be spreading to Google's front ends.`,
      )
    : condition("Settled", "True", "Settled", "The last change is older than the propagation window.");
}

function fromObserved(
  type: ConditionType,
  observed: { readonly known: boolean; readonly needs?: string },
  { reason, message }: { readonly reason: string; readonly message: string },
): DiagnosisCondition {
  return observed.known
    ? condition(type, "True", reason, message)
    : condition(type, "Unknown", "Undecided", `Needs ${observed.needs}.`);
}

function condition(
  type: ConditionType,
  status: DiagnosisCondition["status"],
  reason: string,
  message: string,
): DiagnosisCondition {
  return { type, status, reason, message };
}
