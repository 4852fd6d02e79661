/**
 * How the command ends.
 *
 * - `ok`: no finding at or above `--fail-on`;
 * - `findings`: at least one;
 * - `undecided`: the answer could not be given, or the command could not run;
 * - `interrupted`, `terminated`: SIGINT or SIGTERM ended it, as shells number that.
 */
export const EXIT = { ok: 0, findings: 1, undecided: 2, interrupted: 130, terminated: 143 } as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A reason why the command cannot do what it was asked, with what to do about it. Shown without a stack. */
export class CliError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CliError";
  }
}
