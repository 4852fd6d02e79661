import type { HopState, PathNode } from "./request-path.ts";

/** States in words, for those who do not see the picture. */
export const STATE_WORDS: Readonly<Record<HopState, string>> = {
  ok: "passes",
  broken: "breaks here",
  affected: "does not pass",
  warned: "passes, with a warning",
  waiting: "not there yet",
  unreached: "not reached",
  unknown: "not known",
};

/** What the flag of a box says; undefined for a box that no finding is about. */
export function flagText({ state, finding }: PathNode, cause: string | undefined): string | undefined {
  if (finding === undefined) return undefined;
  const { code, causedBy } = finding;
  switch (state) {
    case "broken":
      return code === cause ? `Breaks here: ${code}` : code;
    case "affected":
      return `due to ${causedBy ?? code}`;
    case "warned":
      return code === cause ? `Cause: ${code}` : `Warning: ${code}`;
    case "waiting":
      return `Settling: ${code}`;
    default:
      return code;
  }
}
