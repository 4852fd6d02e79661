import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import { VERDICTS } from "./signs.ts";

/** Whatever has a diagnosis. */
interface Diagnosed {
  readonly diagnosis: Diagnosis;
}

/** Orders by verdict, the worst first, then by name. */
export function byUrgency({ diagnosis: a }: Diagnosed, { diagnosis: b }: Diagnosed): number {
  const byName = nameOf(a.ingress) < nameOf(b.ingress) ? -1 : 1;
  return VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || byName;
}

/** The first `count` in the order of {@link byUrgency}. */
export function mostUrgent<T extends Diagnosed>(items: readonly T[], count: number): readonly T[] {
  return [...items].sort(byUrgency).slice(0, count);
}

/** `namespace/name` of an Ingress. */
export function nameOf({ namespace, name }: Diagnosis["ingress"]): string {
  return `${namespace}/${name}`;
}
