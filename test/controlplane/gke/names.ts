import { createHash } from "node:crypto";

/** Identity of the pretended cluster, from which every name of a Google resource is derived. */
export interface ClusterIds {
  /** 16 hexadecimal digits, as in the ConfigMap `kube-system/ingress-uid`. */
  readonly clusterUid: string;
  /** UID of the namespace `kube-system`. */
  readonly kubeSystemUid: string;
}

/** Names of the frontend of one Ingress, in the controller's second naming scheme. */
export interface FrontendNames {
  /** What error texts call the load balancer. */
  readonly loadBalancer: string;
  readonly urlMap: string;
  readonly redirectMap: string;
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly httpRule: string;
  readonly httpsRule: string;
}

const NEG_FIELDS_MAX = 38;
const FRONTEND_FIELDS_MAX = 36;

/** Name of a NEG, and of the backend service and health check that use it. */
export function negName(ids: ClusterIds, namespace: string, service: string, port: number): string {
  const uid = ids.clusterUid.slice(0, 8);
  const fields = trimEvenly([namespace, service, String(port)], NEG_FIELDS_MAX).join("-");
  return `k8s1-${uid}-${fields}-${sha256Hex(`${uid};${namespace};${service};${port}`).slice(0, 8)}`;
}

/** Name of the backend service of a Service port that is reached through instance groups. */
export function instanceGroupBackendName(ids: ClusterIds, nodePort: number): string {
  return `k8s-be-${nodePort}--${ids.clusterUid}`;
}

export function frontendNames(ids: ClusterIds, namespace: string, ingress: string): FrontendNames {
  const fields = trimEvenly([namespace, ingress], FRONTEND_FIELDS_MAX).join("-");
  const suffix = contentHash(`${ids.kubeSystemUid};${namespace};${ingress}`, 8);
  const loadBalancer = `${v2Uid(ids)}-${fields}-${suffix}`;
  const name = (part: string) => `k8s2-${part}-${loadBalancer}`;
  return {
    loadBalancer,
    urlMap: name("um"),
    redirectMap: name("rm"),
    httpProxy: name("tp"),
    httpsProxy: name("ts"),
    httpRule: name("fr"),
    httpsRule: name("fs"),
  };
}

/** Name of the certificate resource made from the PEM text of a TLS Secret. */
export function certificateName(ids: ClusterIds, loadBalancer: string, certificate: string): string {
  return `k8s2-cr-${v2Uid(ids)}-${contentHash(loadBalancer, 16)}-${sha256Hex(certificate).slice(0, 16)}`;
}

function v2Uid(ids: ClusterIds): string {
  return contentHash(ids.kubeSystemUid, 8);
}

/** The first `length` bytes of the SHA-256 digest, each as one of 36 characters. */
function contentHash(text: string, length: number): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, length);
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Shortens the fields in proportion until their sum fits into `max` characters. */
function trimEvenly(fields: readonly string[], max: number): string[] {
  const total = fields.reduce((sum, field) => sum + field.length, 0);
  const excess = total - max;
  if (excess <= 0) return [...fields];
  const lengths = fields.map((field) => field.length - Math.floor((field.length * excess) / total) - 1);
  let left = max - lengths.reduce((sum, length) => sum + length, 0);
  return fields.map((field, index) => {
    const extra = left > 0 ? 1 : 0;
    left -= extra;
    return field.slice(0, (lengths[index] ?? 0) + extra);
  });
}
