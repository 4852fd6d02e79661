import { CliError } from "./failure.ts";
import type { Inventory } from "./inventory.ts";
import type { Terminal } from "./terminal.ts";

/** Where to read from, as the options of the command line say it. */
export interface SourceOptions {
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Reads manifests where files are named, and the live cluster else. */
export async function readSource(options: SourceOptions, terminal: Terminal): Promise<Inventory> {
  if (options.namespace !== undefined && options.allNamespaces === true) {
    throw new CliError("-n and -A contradict each other: name one namespace, or take all");
  }
  return options.filename === undefined
    ? readLive(options, terminal)
    : readFiles(options.filename, options, terminal);
}

async function readLive(options: SourceOptions, terminal: Terminal): Promise<Inventory> {
  const { readCluster } = await import("./live-inventory.ts");
  const { kubeconfig, context, namespace, allNamespaces = false } = options;
  const scope = { kubeconfig, context, namespace, allNamespaces };
  return readCluster(scope, (line) => terminal.progress(line));
}

async function readFiles(
  files: readonly string[],
  { namespace, context, kubeconfig }: SourceOptions,
  terminal: Terminal,
): Promise<Inventory> {
  if (context !== undefined || kubeconfig !== undefined) {
    throw new CliError("--context and --kubeconfig name a cluster, and -f reads manifests: use one of them");
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
