import type { Ingress } from "../../model/ingress.ts";
import { type Parsed, parseJsonAnnotation } from "./annotation-value.ts";
import { goMap, goString } from "./go-decode.ts";
import { STATUS_ANNOTATION_PREFIX } from "./ingress-class.ts";

/** Annotation that lists every backend service of the URL map with its health. */
export const BACKENDS_ANNOTATION = `${STATUS_ANNOTATION_PREFIX}backends`;

/**
 * Names of the load balancer objects that GKE built, as the last *successful* sync wrote them.
 *
 * They stay as they are while syncs fail, and may then describe an older configuration.
 */
export interface BuiltObjects {
  readonly urlMap?: string;
  readonly redirectUrlMap?: string;
  /** Of the HTTP frontend, absent when allow-http is off. */
  readonly forwardingRule?: string;
  readonly targetProxy?: string;
  readonly httpsForwardingRule?: string;
  readonly httpsTargetProxy?: string;
  /** Address that the controller reserved itself. */
  readonly staticIp?: string;
  /** SslCertificate names, pre-shared ones first. */
  readonly sslCertificates: readonly string[];
}

const NAME_ANNOTATIONS = [
  ["urlMap", `${STATUS_ANNOTATION_PREFIX}url-map`],
  ["redirectUrlMap", `${STATUS_ANNOTATION_PREFIX}redirect-url-map`],
  ["forwardingRule", `${STATUS_ANNOTATION_PREFIX}forwarding-rule`],
  ["targetProxy", `${STATUS_ANNOTATION_PREFIX}target-proxy`],
  ["httpsForwardingRule", `${STATUS_ANNOTATION_PREFIX}https-forwarding-rule`],
  ["httpsTargetProxy", `${STATUS_ANNOTATION_PREFIX}https-target-proxy`],
  ["staticIp", `${STATUS_ANNOTATION_PREFIX}static-ip`],
] as const;

/** Reads the names of the built objects from the status annotations. */
export function builtObjects(ingress: Ingress): BuiltObjects {
  const named: { -readonly [K in (typeof NAME_ANNOTATIONS)[number][0]]?: string } = {};
  for (const [property, annotation] of NAME_ANNOTATIONS) {
    const name = ingress.annotations[annotation];
    if (name) named[property] = name;
  }
  const certificates = (ingress.annotations[`${STATUS_ANNOTATION_PREFIX}ssl-cert`] ?? "").split(",");
  return { ...named, sslCertificates: certificates.map((name) => name.trim()).filter((name) => name !== "") };
}

/**
 * Reads the health that the controller last saw: backend service name to state.
 *
 * HEALTHY means at least one healthy endpoint in one group. `Unknown`, in mixed case, is the controller's own
 * word for: not readable, no endpoints, or no status yet. An upper-case state is Google's. The annotation is
 * invalid (the bare word Unknown) when the controller failed to write it.
 */
export function reportedBackends(ingress: Ingress): Parsed<ReadonlyMap<string, string>> {
  return parseJsonAnnotation(ingress.annotations, {
    keys: [BACKENDS_ANNOTATION],
    decode: goMap(goString, ""),
    zero: new Map<string, string>(),
  });
}
