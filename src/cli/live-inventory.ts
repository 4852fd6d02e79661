import { KubeconfigError, loadKubeconfig } from "../kubernetes/kubeconfig.ts";
import { Transport } from "../kubernetes/transport.ts";
import { unknown } from "../model/observed.ts";
import type { AdapterMetrics } from "../reconciler/ports.ts";
import { systemClock } from "../telemetry/clock.ts";
import { listCluster } from "./cluster-lists.ts";
import { CliError } from "./failure.ts";
import { type Inventory, sortedIngresses } from "./inventory.ts";

/** Which cluster to read, and what of it. */
export interface LiveScope {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Undefined for the namespace of the context. */
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
}

const NO_METRICS: AdapterMetrics = { requestFinished: () => {}, watchEnded: () => {}, listed: () => {} };

/**
 * Reads a live cluster through the user's kubeconfig; nothing is written.
 *
 * @param progress receives one short line after each list
 */
export async function readCluster(scope: LiveScope, progress: (line: string) => void): Promise<Inventory> {
  const config = kubeconfigOf(scope);
  const own = scope.namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
  const namespace = scope.allNamespaces ? undefined : own;
  const client = new Transport({
    config,
    clock: systemClock,
    metrics: NO_METRICS,
    userAgent: "ingress-doctor-cli",
  });
  const where = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  try {
    const listers = await listCluster({
      client,
      namespace,
      progress: (done, begun) => progress(`Reading ${where}: ${done} of ${begun} lists`),
    });
    return {
      origin: "cluster",
      listers,
      ingresses: sortedIngresses(listers),
      takenAt: systemClock.now(),
      unread: {
        loadBalancer: unknown(
          "loadBalancer",
          "not-configured",
          "the controller with read access to Google Cloud",
        ),
        probes: unknown("probes", "not-configured", "the controller with probing switched on"),
      },
      placeOf: () => undefined,
    };
  } finally {
    progress("");
    await client.close();
  }
}

function kubeconfigOf({ kubeconfig, context }: LiveScope): ReturnType<typeof loadKubeconfig> {
  try {
    return loadKubeconfig({
      ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new CliError(`${error.message}; or diagnose manifests with -f`, { cause: error });
  }
}
