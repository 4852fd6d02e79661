import { KubeConfig } from "@kubernetes/client-node/dist/config.js";

/** Where to find the cluster. */
export interface KubeconfigSource {
  /** Path of a kubeconfig file; undefined for the usual places. */
  readonly file?: string;
  /** Context to use instead of the current one. */
  readonly context?: string;
}

/** A kubeconfig that cannot be used, in one line a user can act on. */
export class KubeconfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "KubeconfigError";
  }
}

/** What client-node falls back to when it finds neither a file nor a pod's ServiceAccount. */
const NOTHING_FOUND = "http://localhost:8080";

/**
 * Loads the connection facts of one cluster.
 *
 * A named file wins; otherwise `KUBECONFIG`, then `~/.kube/config`, then the pod's ServiceAccount. Throws
 * {@link KubeconfigError} when nothing usable is found.
 */
export function loadKubeconfig(source: KubeconfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  try {
    if (source.file !== undefined) config.loadFromFile(source.file);
    else config.loadFromDefault();
  } catch (error) {
    throw new KubeconfigError(`cannot read the kubeconfig${at(source.file)}: ${firstLine(error)}`);
  }
  if (source.context !== undefined) config.setCurrentContext(source.context);
  if (config.getContextObject(config.getCurrentContext()) === null) {
    throw new KubeconfigError(
      `the kubeconfig${at(source.file)} has no context "${config.getCurrentContext()}"`,
    );
  }
  const server = config.getCurrentCluster()?.server;
  if (source.file === undefined && server === NOTHING_FOUND) {
    throw new KubeconfigError(
      "found no kubeconfig and no ServiceAccount: name a file, or run inside a cluster",
    );
  }
  if (!server) {
    throw new KubeconfigError(`the kubeconfig${at(source.file)} names no cluster for its current context`);
  }
  return config;
}

function at(file: string | undefined): string {
  return file === undefined ? "" : ` ${file}`;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? "";
}
