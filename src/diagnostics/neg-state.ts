import type { Severity, Symptom } from "./finding.ts";
import type { Parsed } from "./gke/annotation-value.ts";
import { type NegAnnotation, parseNegAnnotation } from "./gke/neg-annotation.ts";
import type { Backend } from "./topology.ts";

/** What the Service of a backend asks of the NEG controller; undefined without a Service. */
export function negAnnotationOf({ resolution, service }: Backend): Parsed<NegAnnotation> | undefined {
  const resolved = resolution.known ? resolution.value.backend : undefined;
  // A Service that GKE refuses as a backend still gets its standalone NEGs.
  if (resolved !== undefined) return resolved.negAnnotation;
  return service.known && service.value ? parseNegAnnotation(service.value) : undefined;
}

/** How the NEG controller's last look at a backend's NEGs went; `unknown` where it has not said. */
export function negSyncState({ serviceNegs }: Backend): "failed" | "synced" | "unknown" {
  if (!serviceNegs.known) return "unknown";
  const conditions = serviceNegs.value.flatMap((neg) => neg.conditions);
  if (conditions.some(({ status }) => status === "False")) return "failed";
  return conditions.some(({ type, status }) => type === "Synced" && status === "True") ? "synced" : "unknown";
}

/** True when the controller says that it has made the backend's NEGs. */
export function hasNegs({ serviceNegs }: Backend): boolean {
  if (!serviceNegs.known) return false;
  return serviceNegs.value.some(({ conditions, zones }) => {
    const initialized = conditions.find(({ type }) => type === "Initialized");
    return initialized === undefined ? zones.length > 0 : initialized.status === "True";
  });
}

/** What an error of the NEG controller means for clients of the backend. */
export interface NegEffect {
  readonly severity: Severity;
  readonly symptoms: readonly Symptom[];
}

/**
 * Tells what clients see when the NEG controller cannot make or fill the NEGs of a backend.
 *
 * NEGs that exist keep the endpoints they have, so a backend that is still healthy only falls behind. NEGs that
 * do not exist stop the sync of the Ingress. What stands behind standalone NEGs is not known. Where the Ingress does not use them, clients see nothing.
 *
 * @param backend undefined when the error could not be joined to one
 */
export function negEffect(backend: Backend | undefined): NegEffect {
  if (backend === undefined) return { severity: "error", symptoms: ["no-address", "502"] };
  const { origin, resolution, reportedHealth, serviceNegs } = backend;
  if (origin === "standalone")
    return { severity: "error", symptoms: [hasNegs(backend) ? "stale" : "no-neg"] };
  const mode = resolution.known ? resolution.value.backend?.mode : undefined;
  if (mode !== "neg") return { severity: "warning", symptoms: ["no-neg"] };
  if (reportedHealth === "HEALTHY") return { severity: "warning", symptoms: ["stale"] };
  // Reported health is joined by the names of NEGs, so without these it is not known either.
  if (!serviceNegs.known) return { severity: "warning", symptoms: ["no-address", "stale"] };
  return { severity: "error", symptoms: hasNegs(backend) ? ["502"] : ["no-address", "stale"] };
}
