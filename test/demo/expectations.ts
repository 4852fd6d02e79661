/** What one file of `examples/` must be diagnosed as. */
export interface Expectation {
  readonly file: string;
  /** Name of its Ingress. */
  readonly ingress: string;
  readonly verdict: string;
  readonly symptom: string;
  /** Code of the most likely cause; undefined when nothing is wrong. */
  readonly cause: string | undefined;
}

function broken(file: string, ingress: string, symptom: string, cause: string): Expectation {
  return { file, ingress, verdict: "Broken", symptom, cause };
}

/** Every example, in the order of its file. */
export const EXPECTATIONS: readonly Expectation[] = [
  broken("cluster-ip-without-neg.yaml", "catalog", "no-address", "GID403"),
  { ...broken("exact-path.yaml", "search", "404", "GID301"), verdict: "Degraded" },
  broken("health-check-path.yaml", "checkout", "502", "GID625"),
  { file: "healthy.yaml", ingress: "shop", verdict: "Healthy", symptom: "none", cause: undefined },
  broken("missing-service.yaml", "reviews", "no-address", "GID401"),
  broken("port-mismatch.yaml", "payments", "no-address", "GID402"),
  broken("selector-typo.yaml", "cart", "502", "GID501"),
];

/** The part of an IngressDiagnosis that the demo reads. */
export interface StoredDiagnosis {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly verdict: string;
    readonly symptom: string;
    readonly summary: string;
    readonly cause?: { readonly code: string; readonly reason: string };
    readonly findings: readonly {
      readonly code: string;
      readonly fix: { readonly summary: string; readonly command?: string };
    }[];
  };
}

/** Differences between what was expected and what is stored, one line each. */
export function differences(
  expectations: readonly Expectation[],
  diagnoses: readonly StoredDiagnosis[],
): string[] {
  return expectations.flatMap(({ ingress, verdict, symptom, cause = "no cause" }) => {
    const status = diagnoses.find(({ metadata }) => metadata.name === ingress)?.status;
    if (status === undefined) return [`${ingress}: there is no diagnosis`];
    const wanted = `${verdict}, ${symptom}, ${cause}`;
    const found = `${status.verdict}, ${status.symptom}, ${status.cause?.code ?? "no cause"}`;
    return wanted === found ? [] : [`${ingress}: ${found}; expected ${wanted}`];
  });
}
