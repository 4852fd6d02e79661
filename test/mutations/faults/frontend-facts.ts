import { type Cluster, touch } from "../cluster.ts";
import { annotationsOf, hasHttps, isInternal } from "../gke-controllers.ts";

export const isExternal = (cluster: Cluster) => !isInternal(cluster);

export const hasSecret = (cluster: Cluster) => (cluster.ingress.spec.tls?.length ?? 0) > 0;

export const hasCertificate = (cluster: Cluster) => hasHttps(cluster.ingress);

export function annotate(cluster: Cluster, at: number, changes: Record<string, string | undefined>): void {
  const annotations = annotationsOf(cluster.ingress);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete annotations[key];
    else annotations[key] = value;
  }
  touch(cluster.ingress, at);
}
