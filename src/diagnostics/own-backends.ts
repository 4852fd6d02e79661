import type { Service } from "../model/service.ts";
import type { ResolvedBackend } from "./gke/backend.ts";
import type { TranslationError } from "./gke/translation-error.ts";
import type { Report } from "./rule.ts";
import type { Backend } from "./topology.ts";

/** A backend with what GKE makes of it. */
export interface ReadBackend {
  readonly backend: Backend;
  /** Undefined when it does not exist. */
  readonly service: Service | undefined;
  /** Undefined after an error that leaves nothing to go on with. */
  readonly resolved: ResolvedBackend | undefined;
  /** The first error of its translation. */
  readonly error: TranslationError | undefined;
}

/** The backends that the user names and whose Services could be read; the others leave the rule undecided. */
export function readOwnBackends(
  backends: readonly Backend[],
  report: Pick<Report<never>, "knows">,
): readonly ReadBackend[] {
  const read: ReadBackend[] = [];
  for (const backend of backends) {
    const { origin, resolution, service } = backend;
    if (origin === "system-default" || !report.knows(resolution)) continue;
    const { backend: resolved, error } = resolution.value;
    read.push({ backend, service: service.known ? service.value : undefined, resolved, error });
  }
  return read;
}
