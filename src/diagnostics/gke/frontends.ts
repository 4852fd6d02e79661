import type { Ingress } from "../../model/ingress.ts";
import { allowHttp, preSharedCertificates } from "./ingress-annotations.ts";

/** Which front ends GKE would build for an Ingress (`edgeHop` in pkg/loadbalancers/l7.go of ingress-gce). */
export interface Frontends {
  readonly http: boolean;
  /** Wanted by a `spec.tls` entry or a pre-shared certificate; the hosts of an entry play no part. */
  readonly https: boolean;
}

/** The front ends that an Ingress asks for. Without any the sync fails. */
export function wantedFrontends(ingress: Ingress): Frontends {
  return {
    http: allowHttp(ingress).effective,
    https: ingress.tls.length > 0 || preSharedCertificates(ingress).length > 0,
  };
}

/** Names of the Secrets in `spec.tls`, each once, in writing order; entries without one are left out. */
export function tlsSecretNames({ tls }: Ingress): readonly string[] {
  return [...new Set(tls.flatMap(({ secretName }) => (secretName ? [secretName] : [])))];
}
