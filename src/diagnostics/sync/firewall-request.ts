import { shellCommand } from "../shell.ts";

/** A firewall change that the controller could not make itself and asks a network administrator for. */
export interface FirewallRequest {
  readonly action: "create" | "update" | "delete";
  /** Name of the firewall rule; empty when the text does not give it. */
  readonly rule: string;
  /** Protocols and ports to allow, e.g. `tcp:8080`. */
  readonly allow: readonly string[];
  readonly sourceRanges: readonly string[];
  /** Host project of the Shared VPC; undefined when the text does not give it. */
  readonly project?: string;
  /**
   * The command asked for, quoted anew. Undefined when the text holds anything but a plain firewall command:
   * whoever may create Events could otherwise put words into an administrator's shell.
   */
  readonly command?: string;
  /** Epoch milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
}

const FLAGS: ReadonlySet<string> = new Set([
  "--network",
  "--description",
  "--allow",
  "--source-ranges",
  "--target-tags",
  "--project",
  "--direction",
  "--priority",
]);

/** Longest command that is read, in characters; the real ones stay far below. */
const MAX_COMMAND = 8192;

/**
 * Reads the request out of an Event message; undefined when it holds none.
 *
 * The text is `Firewall change required by security admin: ` and a gcloud command in backquotes
 * (ingress-gce, pkg/firewalls/firewalls.go), of type Normal.
 */
export function parseFirewallRequest(
  message: string,
): Omit<FirewallRequest, "firstAt" | "lastAt"> | undefined {
  const found = /\bgcloud compute firewall-rules (create|update|delete)\b/.exec(message);
  if (found === null) return undefined;
  const rest = message.slice(found.index, found.index + MAX_COMMAND);
  const end = rest.indexOf("`");
  const words = splitWords(end < 0 ? rest : rest.slice(0, end));
  const parsed = words && readCommand(words.slice(4));
  const action = found[1] as FirewallRequest["action"];
  const flag = (name: string) => parsed?.flags.get(name);
  const project = flag("--project");
  return {
    action,
    rule: parsed?.rule ?? "",
    allow: commaList(flag("--allow")),
    sourceRanges: commaList(flag("--source-ranges")),
    ...(project === undefined ? {} : { project }),
    ...(words === undefined || parsed === undefined ? {} : { command: shellCommand(...words) }),
  };
}

/** Splits a command into words, double quotes respected; undefined when a quote is left open. */
function splitWords(command: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (const char of command) {
    if (char === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (char === " " && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (quoted) return undefined;
  return word === undefined ? words : [...words, word];
}

interface FirewallCommand {
  readonly rule: string;
  readonly flags: ReadonlyMap<string, string>;
}

/** Accepts one rule name and known flags with a value; anything else makes the whole command unusable. */
function readCommand(words: readonly string[]): FirewallCommand | undefined {
  let rule: string | undefined;
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) {
      if (rule !== undefined || !/^[a-z][a-z0-9-]{0,62}$/.test(word)) return undefined;
      rule = word;
      continue;
    }
    const [name = "", inline] = word.split("=", 2);
    const value = inline ?? words[++index];
    if (!FLAGS.has(name) || value === undefined || value.startsWith("-")) return undefined;
    flags.set(name, value);
  }
  return rule === undefined ? undefined : { rule, flags };
}

function commaList(value: string | undefined): readonly string[] {
  return (value ?? "").split(",").filter((part) => part !== "");
}
