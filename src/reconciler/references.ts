import {
  GLOBAL_STATIC_IP_ANNOTATION,
  REGIONAL_STATIC_IP_ANNOTATION,
} from "../diagnostics/gke/ingress-annotations.ts";
import type { BackendConfig } from "../model/gke-config.ts";
import type { Ingress, IngressBackend } from "../model/ingress.ts";
import { objectKey } from "../model/refs.ts";

/** Names of the Services an Ingress sends traffic to, in its own namespace. */
export function serviceNames(ingress: Ingress): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (backend: IngressBackend | undefined) => {
    if (backend?.kind === "service") names.add(backend.service);
  };
  add(ingress.defaultBackend);
  for (const rule of ingress.rules) for (const path of rule.paths ?? []) add(path.backend);
  return names;
}

/** Names of the Secrets that an Ingress for TLS, or its BackendConfigs for IAP and CDN, name in its namespace. */
export function secretNames(
  { ref, tls }: Ingress,
  backendConfigs: readonly BackendConfig[],
): ReadonlySet<string> {
  const configured = backendConfigs
    .filter((config) => config.ref.namespace === ref.namespace)
    .flatMap(({ iap, cdn }) => [iap?.secretName, ...(cdn?.signedUrlSecrets ?? [])]);
  const names = [...tls.map(({ secretName }) => secretName), ...configured];
  return new Set(names.flatMap((name) => name || []));
}

/**
 * What two Ingresses may have in common: hosts, Services, reserved addresses, IP addresses.
 *
 * Ingresses that share one of these values are diagnosed with a view of each other. A rule for every host is
 * no value: each load balancer has an address of its own.
 */
export function sharedValues(ingress: Ingress): ReadonlySet<string> {
  const values = new Set<string>();
  for (const { host } of ingress.rules) if (host !== "" && host !== "*") values.add(`shared-host:${host}`);
  for (const name of serviceNames(ingress)) {
    values.add(`shared-service:${objectKey(ingress.ref.namespace, name)}`);
  }
  for (const annotation of [GLOBAL_STATIC_IP_ANNOTATION, REGIONAL_STATIC_IP_ANNOTATION]) {
    const name = ingress.annotations[annotation];
    if (name) values.add(`shared-address-name:${name}`);
  }
  for (const address of ingress.addresses) values.add(`shared-address:${address}`);
  return values;
}
