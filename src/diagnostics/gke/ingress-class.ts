import type { Ingress } from "../../model/ingress.ts";

/** Annotation that decides whether GKE takes an Ingress; `spec.ingressClassName` never does so alone. */
export const INGRESS_CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/** Finalizer of an Ingress whose load balancer has names of the first scheme. */
export const FINALIZER_V1 = "networking.gke.io/ingress-finalizer";

/** Finalizer of an Ingress whose load balancer has names of the second scheme. */
export const FINALIZER_V2 = "networking.gke.io/ingress-finalizer-V2";

/** Prefix of every annotation that the controller writes after a sync. */
export const STATUS_ANNOTATION_PREFIX = "ingress.kubernetes.io/";

/** Which load balancer serves the Ingress: classic external, regional internal, or regional external. */
export type Product = "external" | "internal" | "regional-external";

/**
 * Whose Ingress it is, by the rules of ingress-gce (`IsGCEIngress` in pkg/utils/utils.go).
 *
 * `regional-external` is owned only where the cluster has that feature; no object shows whether it has.
 */
export type IngressOwnership =
  | { readonly kind: "owned"; readonly product: Product }
  | { readonly kind: "multi-cluster" }
  | IgnoredIngress;

/** An Ingress that GKE leaves alone, silently: no Event, no finalizer, no address. */
export interface IgnoredIngress {
  readonly kind: "ignored";
  /**
   * `class-name-field`: only `spec.ingressClassName` is set, whatever its value;
   * `other-class`: the class annotation names another class, or one of GKE's in another spelling.
   */
  readonly because: "class-name-field" | "other-class";
  /** The class as written. */
  readonly value: string;
  /** The controller that usually serves this class; undefined for a class of no well-known one. */
  readonly likelyOwner?: string;
  /** GKE's own class that the value is a misspelling of in case, underscores or spaces only. */
  readonly meant?: string;
  /** GKE finalizers and status annotations still there: it was GKE's once. Sorted. */
  readonly leftovers: readonly string[];
}

const PRODUCT_OF_CLASS: ReadonlyMap<string, Product> = new Map([
  ["gce", "external"],
  ["gce-internal", "internal"],
  ["gce-regional-external", "regional-external"],
]);

const MULTI_CLUSTER_CLASS = "gce-multi-cluster";

/** Word in a class that tells its controller, as its own documentation names the class. */
const OWNER_OF_WORD: ReadonlyMap<string, string> = new Map([
  ["nginx", "ingress-nginx"],
  ["traefik", "Traefik"],
  ["haproxy", "HAProxy"],
  ["kong", "Kong"],
  ["istio", "Istio"],
  ["contour", "Contour"],
  ["alb", "AWS Load Balancer Controller"],
  ["azure", "Azure"],
  ["cilium", "Cilium"],
  ["openshift", "OpenShift router"],
  ["ambassador", "Emissary"],
  ["emissary", "Emissary"],
  ["apisix", "APISIX"],
  ["tailscale", "Tailscale"],
  ["cloudflare", "Cloudflare Tunnel"],
  ["ngrok", "ngrok"],
  ["voyager", "Voyager"],
  ["f5", "F5 BIG-IP"],
  ["citrix", "Citrix"],
  ["skipper", "Skipper"],
  ["pomerium", "Pomerium"],
  ["caddy", "Caddy"],
]);

/** Says whether GKE builds a load balancer for this Ingress, which one, and if not, why not. */
export function ingressOwnership(ingress: Ingress): IngressOwnership {
  const annotated = ingress.annotations[INGRESS_CLASS_ANNOTATION] ?? "";
  if (annotated !== "") {
    const product = PRODUCT_OF_CLASS.get(annotated);
    if (product !== undefined) return { kind: "owned", product };
    if (annotated === MULTI_CLUSTER_CLASS) return { kind: "multi-cluster" };
    return ignored(ingress, "other-class", annotated);
  }
  if (ingress.className !== undefined) return ignored(ingress, "class-name-field", ingress.className);
  return { kind: "owned", product: "external" };
}

/**
 * The load balancer that GKE builds, or would build if the Ingress were its own.
 *
 * The translator looks at the annotation only, so this is also right for an Ingress that GKE ignores.
 */
export function ingressProduct(ingress: Ingress): Product {
  return PRODUCT_OF_CLASS.get(ingress.annotations[INGRESS_CLASS_ANNOTATION] ?? "") ?? "external";
}

/** GKE finalizers and status annotations on the Ingress, sorted; empty when GKE never synced it. */
export function gkeTraces(ingress: Ingress): readonly string[] {
  const finalizers = ingress.finalizers.filter((name) => name === FINALIZER_V1 || name === FINALIZER_V2);
  const written = Object.keys(ingress.annotations).filter((key) => WRITTEN_BY_CONTROLLER.has(key));
  return [...finalizers, ...written].sort();
}

/** Other controllers read keys with the same prefix, so only the keys that GKE writes count as its traces. */
const WRITTEN_BY_CONTROLLER: ReadonlySet<string> = new Set(
  [
    "url-map",
    "forwarding-rule",
    "target-proxy",
    "https-forwarding-rule",
    "https-target-proxy",
    "ssl-cert",
    "static-ip",
    "redirect-url-map",
    "backends",
  ].map((name) => STATUS_ANNOTATION_PREFIX + name),
);

function ignored(ingress: Ingress, because: IgnoredIngress["because"], value: string): IgnoredIngress {
  const words = value.toLowerCase().split(/[^a-z0-9]/);
  const likelyOwner = words.map((word) => OWNER_OF_WORD.get(word)).find((owner) => owner !== undefined);
  const meant = because === "other-class" ? misspeltClass(value) : undefined;
  return {
    kind: "ignored",
    because,
    value,
    ...(likelyOwner === undefined ? {} : { likelyOwner }),
    ...(meant === undefined ? {} : { meant }),
    leftovers: gkeTraces(ingress),
  };
}

function misspeltClass(value: string): string | undefined {
  const folded = value
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, "-");
  return [...PRODUCT_OF_CLASS.keys(), MULTI_CLUSTER_CLASS].find((name) => name === folded);
}
