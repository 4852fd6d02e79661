import type { Known, Observed } from "../model/observed.ts";
import type { Fix, Severity, Stage, Subject, Symptom } from "./finding.ts";
import type { Topology } from "./topology.ts";

/** Where a finding points, and what this instance of it adds to the rule's constants. */
export interface Place {
  readonly subject: Subject;
  /** Key of the backend concerned, as in {@link Topology.backends}; omit when the whole Ingress is. */
  readonly backend?: string;
  /** Lower or raise the rule's severity for this instance, e.g. for a backend no user route reaches. */
  readonly severity?: Severity;
  readonly symptoms?: readonly Symptom[];
  /** The exact change, where it can be computed; `summary` defaults to the rule's `fix`. */
  readonly fix?: Partial<Fix>;
}

/** Parameter names in a message template: `{a} of {b}` has `a` and `b`. */
type Parameters<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Parameters<Rest>
  : never;

/** How a rule speaks. Every method only records; none throws. */
export interface Report<Messages extends Readonly<Record<string, string>>> {
  /** Reports one finding with the rule's message template filled in. */
  <Id extends keyof Messages & string>(
    message: Id,
    place: Place,
    parameters: Readonly<Record<Parameters<Messages[Id]>, string | number>>,
  ): void;
  /** True when the value could be read; otherwise the rule is recorded as undecided because of it. */
  knows<T>(observed: Observed<T>): observed is Known<T>;
}

/** Everything that makes up one rule. The literal is the source of its page, its Event reason and its test. */
export interface RuleDefinition<Messages extends Readonly<Record<string, string>>> {
  /** `GIDnnn`, stable for ever, never reused. */
  readonly code: string;
  /** File name; the CamelCase reason is derived from it. */
  readonly slug: string;
  readonly severity: Severity;
  readonly symptoms: readonly Symptom[];
  readonly stage: Stage;
  /** Top-level members of {@link Topology} that `check` reads; a test compares them with what it really reads. */
  readonly reads: readonly (keyof Topology)[];
  /** Ids of the reported causes this rule covers. */
  readonly rows: readonly string[];
  /** What is wrong, one sentence. */
  readonly summary: string;
  /** Why it makes traffic fail, for the rule's page. */
  readonly why: string;
  /** What to do: an imperative sentence. */
  readonly fix: string;
  /** How to see it by hand: `kubectl` or `gcloud` commands with `NAMESPACE`, `INGRESS`, `SERVICE` placeholders. */
  readonly confirm: readonly string[];
  /** Where the platform facts come from: titles or source files, for the rule's page. */
  readonly sources: readonly string[];
  /** True when the finding only shows an effect; a finding with a cause is then preferred as most likely cause. */
  readonly consequence?: boolean;
  /**
   * True when time alone may cure it: inside the propagation window the finding is held back as `settling`
   * and the verdict is Progressing.
   */
  readonly settles?: boolean;
  /** Statements of fact with the compared values in braces; advice belongs to `fix`. */
  readonly messages: Messages;
  /** Judges one topology. Must be pure, total, and blind to the order of lists. */
  readonly check: (topology: Topology, report: Report<Messages>) => void;
}

/** A rule as the engine runs it, its message types erased. */
export type Rule = RuleDefinition<Readonly<Record<string, string>>>;

/** Declares a rule; parameter names in `report` calls are checked against the message templates. */
export function defineRule<const Messages extends Readonly<Record<string, string>>>(
  definition: RuleDefinition<Messages>,
): Rule {
  return definition as unknown as Rule;
}

/** CamelCase reason of a rule: `service-missing` becomes `ServiceMissing`. */
export function reasonOf(slug: string): string {
  return slug
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}
