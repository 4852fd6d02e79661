import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { list, record, text } from "../model/json.ts";
import { NO_METRICS } from "./silence.ts";

/** Where values to complete with come from. */
export type CompletionSource = "namespaces" | "ingresses" | "contexts" | "files" | "rules" | "goals";

/** A value and what it means. */
export type CompletionValue = readonly [value: string, description: string];

/** Longer than that nobody waits for a suggestion. */
const DEADLINE_MS = 1_500;

const MOST = 500;

/**
 * What a shell may be given: bash expands suggestions, so that a context or file named `$(...)` would be run.
 */
const SAFE = /^[\w.@:/+=-]+$/;

/** Values of one source for the command line that is being written; none where they cannot be had. */
export async function completionValues(
  source: CompletionSource,
  words: readonly string[],
): Promise<readonly CompletionValue[]> {
  const values = await lookUp(source, words).catch(() => []);
  return values.filter(([value]) => SAFE.test(value));
}

async function lookUp(
  source: CompletionSource,
  words: readonly string[],
): Promise<readonly CompletionValue[]> {
  switch (source) {
    case "rules":
      return ruleCodes();
    case "goals":
      return (await import("./goals.ts")).GOALS.map((goal) => [goal, ""]);
    case "files":
      return files(words.at(-1) ?? "");
    default:
      return clusterNames(source, words);
  }
}

async function ruleCodes(): Promise<readonly CompletionValue[]> {
  const { RULES } = await import("../diagnostics/registry.ts");
  return RULES.map(({ code, summary }) => [code, summary]);
}

/** Entries of the folder that the begun path names; folders end in a slash. */
function files(word: string): readonly CompletionValue[] {
  const begun = word.replace(/^--[^=]+=/, "");
  const folder = begun.slice(0, begun.lastIndexOf("/") + 1);
  const entries = readdirSync(folder || ".", { withFileTypes: true });
  return entries.map((entry) => [`${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`, ""]);
}

/** Asks the cluster that the command line names so far. */
async function clusterNames(
  source: "namespaces" | "ingresses" | "contexts",
  words: readonly string[],
): Promise<readonly CompletionValue[]> {
  const { loadKubeconfig } = await import("../kubernetes/kubeconfig.ts");
  const { kubeconfig, context, namespace } = chosenCluster(words);
  const config = loadKubeconfig({
    ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
    ...(context === undefined || source === "contexts" ? {} : { context }),
  });
  if (source === "contexts") return config.getContexts().map(({ name, cluster }) => [name, cluster]);
  const { resourcePath, Transport } = await import("../kubernetes/transport.ts");
  const { systemClock } = await import("../telemetry/clock.ts");
  const client = new Transport({
    config,
    clock: systemClock,
    metrics: NO_METRICS,
    userAgent: "ingress-doctor-cli",
  });
  const own = namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
  const path =
    source === "namespaces"
      ? resourcePath({ group: "", version: "v1", plural: "namespaces" })
      : resourcePath({ group: "networking.k8s.io", version: "v1", plural: "ingresses" }, own);
  try {
    const query = { limit: String(MOST) };
    const answer = await client.call({ method: "GET", path, query, timeoutMs: DEADLINE_MS });
    return list(answer, "items").flatMap((item): CompletionValue[] => {
      const name = text(record(item, "metadata"), "name");
      return name === undefined ? [] : [[name, ""]];
    });
  } finally {
    await client.close();
  }
}

/** The options of an unfinished command line that say which cluster and namespace are meant. */
function chosenCluster(words: readonly string[]) {
  const option = { type: "string" } as const;
  const { values } = parseArgs({
    args: words.slice(0, -1),
    strict: false,
    options: { kubeconfig: option, context: option, namespace: { ...option, short: "n" } },
  });
  const given = (name: "kubeconfig" | "context" | "namespace") => {
    const value = values[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return { kubeconfig: given("kubeconfig"), context: given("context"), namespace: given("namespace") };
}
