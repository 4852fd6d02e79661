import { createHash } from "node:crypto";
import type { Product } from "./ingress-class.ts";

/** Names of the objects that make up one Ingress's frontend. */
export interface FrontendNames {
  readonly loadBalancer: string;
  readonly urlMap: string;
  /** The first naming scheme has none: HTTPS redirects need the second one. */
  readonly redirectUrlMap: string | undefined;
  readonly targetHttpProxy: string;
  readonly targetHttpsProxy: string;
  readonly forwardingRule: string;
  readonly httpsForwardingRule: string;
  /** Name of the SslCertificate made from a Secret with this certificate, PEM as in `tls.crt`. */
  readonly sslCertificate: (certificate: string) => string;
}

/** Service port that a name is made for; `port` is its number, never the target port. */
export interface NamedServicePort {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

const MAX_FIRST_SCHEME = 62;
const NEG_FIELDS = 38;
const FRONTEND_FIELDS = 36;

/** Name of the NEG of a Service port; also of its backend service and health check, but see below. */
export function negName(clusterUid: string, { namespace, service, port }: NamedServicePort): string {
  return backendName(clusterUid, { namespace, service, port }, NEG_FIELDS, "");
}

/** Name of the backend service and health check of a NEG backend. Regional external ones have their own. */
export function negBackendName(clusterUid: string, port: NamedServicePort, product: Product): string {
  if (product !== "regional-external") return negName(clusterUid, port);
  return backendName(clusterUid, port, NEG_FIELDS - 2, "e-");
}

/** Name of the backend service and health check of an instance group backend. */
export function instanceGroupBackendName(clusterUid: string, nodePort: number): string {
  return withClusterUid(`k8s-be-${nodePort}`, clusterUid);
}

/** Node port in the name of an instance group backend; undefined for any other name. */
export function nodePortOfBackendName(name: string): number | undefined {
  const port = /^k8s-be-([0-9]+)(?:--|$)/.exec(name)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Name of the instance group that every zone has once. */
export function instanceGroupName(clusterUid: string): string {
  return withClusterUid("k8s-ig", clusterUid);
}

/** Name of the firewall rule for all Ingresses; its UID is key `provider-uid`, else the cluster UID. */
export function firewallRuleName(firewallUid: string): string {
  return firewallUid === "" ? "k8s-fw-l7" : `k8s-fw-${truncated(`l7--${firewallUid}`)}`;
}

/** Names of the first scheme, of an Ingress without the V2 finalizer. */
export function frontendNamesV1(clusterUid: string, namespace: string, ingress: string): FrontendNames {
  const name = `${namespace}-${ingress}`;
  const ownUid = ingress.split("--").at(-1) === clusterUid && ingress.includes("--");
  const loadBalancer = clusterUid === "" || ownUid ? name : truncated(`${name}--${clusterUid}`);
  const named = (part: string) => truncated(`k8s-${part}-${loadBalancer}`);
  return {
    loadBalancer,
    urlMap: named("um"),
    redirectUrlMap: undefined,
    targetHttpProxy: named("tp"),
    targetHttpsProxy: named("tps"),
    forwardingRule: named("fw"),
    httpsForwardingRule: named("fws"),
    sslCertificate: (certificate) => {
      const hashes = `${sha256Hex(loadBalancer, 16)}-${sha256Hex(certificate, 16)}`;
      return withClusterUid(`k8s-ssl-${hashes}`, clusterUid);
    },
  };
}

/** Names of the second scheme, of an Ingress with the V2 finalizer. */
export function frontendNamesV2(kubeSystemUid: string, namespace: string, ingress: string): FrontendNames {
  const uid = contentHash(kubeSystemUid, 8);
  const fields = trimFieldsEvenly(FRONTEND_FIELDS, [namespace, ingress]);
  const suffix = contentHash([kubeSystemUid, namespace, ingress].join(";"), 8);
  const loadBalancer = [uid, ...fields, suffix].join("-");
  const named = (part: string) => `k8s2-${part}-${loadBalancer}`;
  return {
    loadBalancer,
    urlMap: named("um"),
    redirectUrlMap: named("rm"),
    targetHttpProxy: named("tp"),
    targetHttpsProxy: named("ts"),
    forwardingRule: named("fr"),
    httpsForwardingRule: named("fs"),
    sslCertificate: (certificate) =>
      `k8s2-cr-${uid}-${contentHash(loadBalancer, 16)}-${sha256Hex(certificate, 16)}`,
  };
}

/** Whether Compute Engine takes a name (RFC 1035). A dot in an Ingress's name makes all of them unfit. */
export function isComputeName(name: string): boolean {
  return /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** Name of the path matcher of one host. */
export function pathMatcherName(host: string): string {
  return `host${createHash("md5").update(host).digest("hex")}`;
}

/** First `length` bytes of the SHA-256 of a text, each mapped to one of `0-9a-z`. At most 32. */
export function contentHash(text: string, length: number): string {
  const digest = createHash("sha256").update(text).digest().subarray(0, length);
  return Array.from(digest, (byte) => (byte % 36).toString(36)).join("");
}

/**
 * Shortens fields so that together they have at most `max` characters, longer ones by more.
 *
 * Source: `TrimFieldsEvenly` in pkg/utils/namer/utils.go of ingress-gce.
 */
export function trimFieldsEvenly(max: number, fields: readonly string[]): readonly string[] {
  const total = fields.reduce((sum, field) => sum + field.length, 0);
  if (total <= max) return fields;
  const kept = ({ length }: string) => length - Math.floor((length * (total - max)) / total) - 1;
  const spare = max - fields.reduce((sum, field) => sum + kept(field), 0);
  return fields.map((field, index) => field.slice(0, kept(field) + (index < spare ? 1 : 0)));
}

function backendName(
  clusterUid: string,
  { namespace, service, port }: NamedServicePort,
  fieldsLength: number,
  infix: string,
): string {
  const uid = clusterUid.slice(0, 8);
  const fields = [namespace, service, String(port)];
  const hash = sha256Hex([uid, ...fields].join(";"), 8);
  return `k8s1-${uid}-${infix}${trimFieldsEvenly(fieldsLength, fields).join("-")}-${hash}`;
}

function withClusterUid(name: string, clusterUid: string): string {
  return clusterUid === "" ? name : truncated(`${name}--${clusterUid}`);
}

/** The last character is replaced, too, so that no name ends in a hyphen. */
function truncated(name: string): string {
  return name.length > MAX_FIRST_SCHEME ? `${name.slice(0, MAX_FIRST_SCHEME)}0` : name;
}

function sha256Hex(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
