import type { ObjectRef } from "../model/refs.ts";
import type { Fix } from "./finding.ts";
import { shellCommand, shellQuote } from "./shell.ts";
import { cleanText, MAX_TEXT } from "./text.ts";

/** One step of a JSON patch. `add` on a member that exists replaces it; `test` refuses the patch if it differs. */
export type PatchStep =
  | { readonly op: "add" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/**
 * A command that patches one object, as part of a fix.
 *
 * There is none without steps, or where it is so long or odd that it could not be shown unchanged.
 * Steps that count on a position begin with a `test`, so that a command kept for later does not hit another one.
 */
export function patchFix(ref: ObjectRef, steps: readonly PatchStep[]): Partial<Fix> {
  if (steps.length === 0) return {};
  return runnable(
    shellCommand("kubectl", "patch", ...named(ref), "--type=json", "-p", JSON.stringify(steps)),
  );
}

/**
 * A command that merges a change into one object, with the change itself; null removes a member.
 *
 * @param type `strategic` merges lists such as containers by name, where the kind is built into Kubernetes
 */
export function mergeFix(
  ref: ObjectRef,
  change: object,
  type: "merge" | "strategic" = "merge",
): Partial<Fix> {
  const patch = JSON.stringify(change);
  const fix = runnable(shellCommand("kubectl", "patch", ...named(ref), `--type=${type}`, "-p", patch));
  return fix.command === undefined ? {} : { ...fix, patch };
}

/** A command that sets annotations of one object; a value of undefined removes the key. */
export function annotateFix(
  ref: ObjectRef,
  annotations: Readonly<Record<string, string | undefined>>,
): Partial<Fix> {
  const changes = Object.entries(annotations).map(([key, value]) =>
    value === undefined ? `${key}-` : `${key}=${value}`,
  );
  return runnable(shellCommand("kubectl", "annotate", "--overwrite", ...named(ref), ...changes));
}

/** A command that makes an object as its manifest says, and goes on with another command; empty without one. */
export function applyFix(manifest: object, { command }: Partial<Fix>): Partial<Fix> {
  if (command === undefined) return {};
  return runnable(`printf %s ${shellQuote(JSON.stringify(manifest))} | kubectl apply -f - && ${command}`);
}

/** JSON pointer of a field path such as `spec.rules[0].http`, with more members behind it. */
export function jsonPointer(fieldPath: string, ...members: readonly (string | number)[]): string {
  const path = fieldPath.replaceAll("[", "/").replaceAll("]", "").replaceAll(".", "/");
  return ["", path, ...members].join("/");
}

function named({ kind, name, namespace }: ObjectRef): readonly string[] {
  return [kind.toLowerCase(), name, "-n", namespace];
}

/** A command that cleaning or cutting would change is worse than none. */
function runnable(command: string): Partial<Fix> {
  return cleanText(command, MAX_TEXT * 2) === command ? { command } : {};
}
