import type { GoogleConfig } from "../gcp/google-options.ts";
import { KubeconfigError, loadKubeconfig } from "../kubernetes/kubeconfig.ts";
import { Transport } from "../kubernetes/transport.ts";
import { type Observed, unknown } from "../model/observed.ts";
import type { Node } from "../model/pod.ts";
import type { Listers } from "../reconciler/ports.ts";
import { systemClock } from "../telemetry/clock.ts";
import { CloudReading } from "./cloud-reading.ts";
import { listCluster } from "./cluster-lists.ts";
import { placeByName } from "./cluster-place.ts";
import { CliError } from "./failure.ts";
import { type Inventory, sortedIngresses } from "./inventory.ts";
import { NO_METRICS } from "./silence.ts";

/** Which cluster to read, and what of it. */
export interface LiveScope {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Undefined for the namespace of the context. */
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  /** Undefined when Google is not to be read. */
  readonly google: GoogleConfig | undefined;
}

/** A cluster that a kubeconfig leads to. Nothing was asked of it yet. */
export interface Cluster {
  readonly client: Transport;
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined;
  /** Undefined when Google is not to be read; already looking for credentials else. */
  readonly cloud: CloudReading | undefined;
}

/**
 * Finds the cluster of a scope. Throws {@link CliError} when the kubeconfig names none.
 *
 * @param nodes asked when Google is read
 */
export function connect(scope: LiveScope, nodes: () => Observed<readonly Node[]>): Cluster {
  const config = kubeconfigOf(scope);
  const { cluster, namespace: own = "default" } = config.getContextObject(config.getCurrentContext()) ?? {};
  const client = new Transport({
    config,
    clock: systemClock,
    metrics: NO_METRICS,
    userAgent: "ingress-doctor-cli",
  });
  const cloud =
    scope.google &&
    new CloudReading({
      google: scope.google,
      place: placeByName(cluster),
      nodes,
      clock: systemClock,
    });
  cloud?.prepare();
  return { client, namespace: scope.allNamespaces ? undefined : (scope.namespace ?? own), cloud };
}

const NOT_LISTED = unknown("nodes", "not-synced", "a first complete list of nodes");

/** What is said of a load balancer that is not to be read. */
export const CLOUD_OFF = unknown(
  "loadBalancer",
  "not-configured",
  "Google Cloud, which --google off leaves out",
);

/** What is said of probes, which only the controller sends. */
export const NO_PROBES = unknown("probes", "not-configured", "the controller with probing switched on");

/**
 * Reads a live cluster through the user's kubeconfig; nothing is written.
 *
 * @param progress receives one short line after each list
 */
export async function readCluster(scope: LiveScope, progress: (line: string) => void): Promise<Inventory> {
  let listers: Listers | undefined;
  const { client, namespace, cloud } = connect(scope, () => listers?.nodes.all() ?? NOT_LISTED);
  const where = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  try {
    listers = await listCluster({
      client,
      namespace,
      progress: (done, begun) => progress(`Reading ${where}: ${done} of ${begun} lists`),
    });
    return {
      origin: "cluster",
      listers,
      ingresses: sortedIngresses(listers),
      takenAt: systemClock.now(),
      unread: { loadBalancer: CLOUD_OFF, probes: NO_PROBES },
      ...(cloud === undefined ? {} : { cloud }),
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
