import { EXIT, type ExitCode } from "./failure.ts";

/** A signal that ends a command which would go on by itself. */
export interface Interruption {
  /** Resolves with the exit code for the first signal that comes. */
  readonly code: Promise<ExitCode>;
  /** Leaves signals to the system again. */
  release(): void;
}

/** Takes Ctrl-C and SIGTERM, so that the command can end in good order. */
export function takeSignals(): Interruption {
  const { promise, resolve } = Promise.withResolvers<ExitCode>();
  const onInterrupt = () => resolve(EXIT.interrupted);
  const onTerminate = () => resolve(EXIT.terminated);
  process.once("SIGINT", onInterrupt).once("SIGTERM", onTerminate);
  return {
    code: promise,
    release: () => void process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate),
  };
}
