import type { Ingress } from "../../model/ingress.ts";
import { gkeTraces } from "./ingress-class.ts";

/** An annotation of another controller on an Ingress, which GKE ignores. */
export interface ForeignAnnotation {
  readonly key: string;
  /** Whose it is, e.g. `ingress-nginx`. */
  readonly owner: string;
  /** What does the same on GKE; undefined when nothing does. */
  readonly equivalent: string | undefined;
}

/** Prefixes by which other controllers read their settings from an Ingress. */
const OWNERS: readonly (readonly [string, string])[] = [
  ["nginx.ingress.kubernetes.io/", "ingress-nginx"],
  ["ingress.kubernetes.io/", "older ingress controllers"],
  ["nginx.org/", "NGINX Ingress Controller"],
  ["nginx.com/", "NGINX Ingress Controller"],
  ["alb.ingress.kubernetes.io/", "AWS Load Balancer Controller"],
  ["appgw.ingress.kubernetes.io/", "Azure Application Gateway"],
  ["traefik.ingress.kubernetes.io/", "Traefik"],
  ["haproxy.org/", "HAProxy"],
  ["haproxy-ingress.github.io/", "HAProxy Ingress"],
  ["konghq.com/", "Kong"],
  ["projectcontour.io/", "Contour"],
  ["getambassador.io/", "Emissary"],
  ["ingress.citrix.com/", "Citrix"],
];

const REDIRECT = "spec.redirectToHttps of a FrontendConfig";
const TIMEOUT = "spec.timeoutSec of a BackendConfig";
const ARMOR = "a Cloud Armor policy in spec.securityPolicy of a BackendConfig";
const AFFINITY = "spec.sessionAffinity of a BackendConfig";
const PROTOCOL = "the annotation cloud.google.com/app-protocols on the Service";
const HEALTH_CHECK = "spec.healthCheck of a BackendConfig";
const HEADERS = "spec.customRequestHeaders and spec.customResponseHeaders of a BackendConfig";

/** What the part of a key behind its prefix asks for, and what does the same on GKE. */
const EQUIVALENTS: readonly (readonly [RegExp, string])[] = [
  [/^(force-)?ssl-redirect$|^redirect-entry-point$|^redirect-to-https$/, REDIRECT],
  [/^proxy-(read|send|connect)-timeout$|^(timeout|idle-timeout|request-timeout)/, TIMEOUT],
  [/^(whitelist|allowlist|denylist)-source-range$|^inbound-cidrs$|^(allow|deny)-list$|^whitelist/, ARMOR],
  [/^limit-|^rate-limit/, ARMOR],
  [/^affinity|^session-cookie-|^cookie-persistence|^sticky/, AFFINITY],
  [/^(backend|server)-protocol|^secure-backends$|^ssl-services$|^grpc/, PROTOCOL],
  [/^health-?check/, HEALTH_CHECK],
  [
    /^(auth-url|auth-signin|auth-type|auth-secret|auth-)/,
    "Identity-Aware Proxy in spec.iap of a BackendConfig",
  ],
  [/^(custom-headers|proxy-set-headers|request-headers|response-headers)/, HEADERS],
  [/^certificate-arn$|^ssl-certificate$/, "the annotation ingress.gcp.kubernetes.io/pre-shared-cert"],
  [/^target-type$/, "the annotation cloud.google.com/neg on the Service"],
  [/^scheme$|^use-private-ip$/, "class gce-internal in the annotation kubernetes.io/ingress.class"],
  [/^ssl-(policy|protocols|ciphers)$/, "spec.sslPolicy of a FrontendConfig"],
  [/^connection-draining/, "spec.connectionDraining of a BackendConfig"],
];

/** Annotations on an Ingress that are settings of other controllers, sorted by key. */
export function foreignAnnotations(ingress: Ingress): readonly ForeignAnnotation[] {
  const own = new Set(gkeTraces(ingress));
  return Object.keys(ingress.annotations)
    .filter((key) => !own.has(key))
    .sort()
    .flatMap((key) => {
      const [prefix, owner] = OWNERS.find(([start]) => key.startsWith(start)) ?? [];
      if (prefix === undefined || owner === undefined) return [];
      const setting = key.slice(prefix.length);
      return [{ key, owner, equivalent: EQUIVALENTS.find(([pattern]) => pattern.test(setting))?.[1] }];
    });
}
