import suggestions, {
  type Command as Completed,
  type Argument as CompletedArgument,
  type Option as CompletedOption,
} from "@bomb.sh/tab";
import describeCommander from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import type { CompletionSource } from "./completion-values.ts";

/** A shell that a completion script is made for. */
export type Shell = "bash" | "zsh" | "fish" | "powershell";

/** Options whose values are looked up while completing. */
const OPTION_SOURCES: Readonly<Record<string, CompletionSource>> = {
  namespace: "namespaces",
  context: "contexts",
  ingress: "ingresses",
  filename: "files",
  kubeconfig: "files",
  for: "goals",
};

/** Commands whose first argument is looked up while completing. */
const ARGUMENT_SOURCES: Readonly<Record<string, CompletionSource>> = {
  diagnose: "ingresses",
  watch: "ingresses",
  wait: "ingresses",
  explain: "rules",
};

/** Prints the script that makes a shell ask this program for suggestions. */
export function printScript(program: string, shell: Shell): void {
  suggestions.setup(program, program, shell);
}

/**
 * Prints what the last of these words could become: commands, options, their values, and names from the cluster.
 *
 * A cluster that does not answer at once, or not at all, suggests nothing and says nothing.
 */
export async function printSuggestions(program: Command, words: readonly string[]): Promise<void> {
  const completion = describeCommander(program, { completionCommandName: "completion" });
  const commands = [...completion.commands.values()];
  const wanted = wantedValue(words, commands);
  if (wanted !== undefined) {
    const { completionValues } = await import("./completion-values.ts");
    const values = await completionValues(wanted.source, words);
    wanted.target.handler = (complete) => {
      for (const [value, description] of values) complete(value, description);
    };
  }
  completion.parse([...words]);
}

interface WantedValue {
  readonly source: CompletionSource;
  /** What takes the values. */
  readonly target: CompletedOption | CompletedArgument;
}

/** What the word under the cursor is a value of; undefined when nothing has to be looked up. */
function wantedValue(words: readonly string[], commands: readonly Completed[]): WantedValue | undefined {
  const [name, partial = "", before = ""] = [words[0], words.at(-1), words.at(-2)];
  const command = commands.find(({ value }) => value === name);
  if (command === undefined || words.length < 2) return undefined;
  const flag = /^--[^=]+(?==)/.exec(partial)?.[0] ?? (partial.startsWith("-") ? undefined : before);
  const option = [...command.options.values()].find(
    ({ value, alias, isBoolean }) => isBoolean !== true && (`--${value}` === flag || `-${alias}` === flag),
  );
  if (option !== undefined) return found(OPTION_SOURCES[option.value], option);
  const [argument] = command.arguments.values();
  return partial.startsWith("-") ? undefined : found(ARGUMENT_SOURCES[command.value], argument);
}

function found(
  source: CompletionSource | undefined,
  target: WantedValue["target"] | undefined,
): WantedValue | undefined {
  return source === undefined || target === undefined ? undefined : { source, target };
}
