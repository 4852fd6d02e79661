import { type GoogleConfig, parseGoogleOptions } from "../gcp/google-options.ts";
import { CliError } from "./failure.ts";
import type { Inventory } from "./inventory.ts";
import type { LiveScope } from "./live-inventory.ts";
import type { Terminal } from "./terminal.ts";

/** Where to read from, as the options of the command line say it. */
export interface SourceOptions {
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** `auto` or `off`; absent for `auto`. */
  readonly google?: string;
  readonly googleProject?: string;
  readonly googleEndpoint?: string;
}

/** Reads manifests where files are named, and the live cluster else. */
export async function readSource(options: SourceOptions, terminal: Terminal): Promise<Inventory> {
  requireOneScope(options);
  return options.filename === undefined
    ? readLive(options, terminal)
    : readFiles(options.filename, options, terminal);
}

/** Throws {@link CliError} where options name both one namespace and all. */
export function requireOneScope({ namespace, allNamespaces }: SourceOptions): void {
  if (namespace !== undefined && allNamespaces === true) {
    throw new CliError("-n and -A contradict each other: name one namespace, or take all");
  }
}

/** The cluster that options name. Throws {@link CliError} for options that cannot be used. */
export function scopeOf(options: SourceOptions): LiveScope {
  const { kubeconfig, context, namespace, allNamespaces = false } = options;
  return { kubeconfig, context, namespace, allNamespaces, google: googleOf(options) };
}

/** How Google is to be read, undefined for not at all. Throws {@link CliError} for what cannot be used. */
function googleOf({
  google = "auto",
  googleProject,
  googleEndpoint,
}: SourceOptions): GoogleConfig | undefined {
  const parsed = parseGoogleOptions({ mode: google, project: googleProject, endpoint: googleEndpoint });
  if (!parsed.ok) throw new CliError(parsed.problem);
  return parsed.google;
}

async function readLive(options: SourceOptions, terminal: Terminal): Promise<Inventory> {
  const { readCluster } = await import("./live-inventory.ts");
  return readCluster(scopeOf(options), (line) => terminal.progress(line));
}

async function readFiles(
  files: readonly string[],
  { namespace, context, kubeconfig, googleProject, googleEndpoint }: SourceOptions,
  terminal: Terminal,
): Promise<Inventory> {
  if (context !== undefined || kubeconfig !== undefined) {
    throw new CliError("--context and --kubeconfig name a cluster, and -f reads manifests: use one of them");
  }
  if (googleProject !== undefined || googleEndpoint !== undefined) {
    throw new CliError(
      "--google-project and --google-endpoint are for a cluster, and -f reads manifests: use one of them",
    );
  }
  const { readManifestFiles } = await import("./manifest-files.ts");
  const { readManifests } = await import("./manifest-inventory.ts");
  const texts = await readManifestFiles(files, process.stdin);
  const inventory = readManifests(texts, namespace ?? "default", (line) => terminal.note(line));
  const ingresses =
    namespace === undefined
      ? inventory.ingresses
      : inventory.ingresses.filter(({ ref }) => ref.namespace === namespace);
  return { ...inventory, ingresses };
}
