import type { BackendConfig } from "../model/gke-config.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import type { BackendConfigProblem } from "./gke/backend-config-problems.ts";
import { readOwnBackends } from "./own-backends.ts";
import type { Place, Report } from "./rule.ts";
import type { Backend } from "./topology.ts";

/** A backend whose BackendConfig could be read. */
export interface ConfiguredBackend {
  readonly backend: Backend;
  readonly resolved: ResolvedBackend;
  readonly config: BackendConfig;
  /** What GKE refuses in the BackendConfig; the controller reports the first one only. */
  readonly problems: readonly BackendConfigProblem[];
  /** False while Secrets that it names could not be read. */
  readonly decided: boolean;
}

/** The user's backends that have a BackendConfig; one that could not be read leaves the rule undecided. */
export function configuredBackends(
  backends: readonly Backend[],
  report: Pick<Report<never>, "knows">,
): readonly ConfiguredBackend[] {
  return readOwnBackends(backends, report).flatMap(({ backend, resolved }) => {
    const choice = resolved?.backendConfig;
    if (choice?.kind === "unread") report.knows(choice.missing);
    if (resolved === undefined || choice?.kind !== "chosen") return [];
    const { config, problems, undecided } = choice;
    return [{ backend, resolved, config, problems, decided: undecided.length === 0 }];
  });
}

/** Where a problem of a BackendConfig is shown. Those behind the first one stop the Ingress only after it. */
export function problemPlace(
  { backend, config, problems }: ConfiguredBackend,
  problem: BackendConfigProblem,
): Place {
  const place = { subject: { ...config.ref, fieldPath: problem.field }, backend: backend.key };
  return problem === problems[0] ? place : { ...place, severity: "warning" };
}

/** JSON path at which a BackendConfig names a Secret; undefined when it does not, or not any more. */
export function secretField({ iap, cdn }: BackendConfig, secret: string): string | undefined {
  if (iap?.secretName === secret) return "spec.iap.oauthclientCredentials.secretName";
  const index = cdn?.signedUrlSecrets.indexOf(secret) ?? -1;
  return index < 0 ? undefined : `spec.cdn.signedUrlKeys[${index}].secretName`;
}
