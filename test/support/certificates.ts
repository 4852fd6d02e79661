import type { ManagedCertificate, SecretFacts } from "../../src/model/gke-config.ts";
import type { LoadBalancer, SslCertificate } from "../../src/model/load-balancer.ts";
import { known } from "../../src/model/observed.ts";
import { LONG_AGO, NOW, ref } from "./builders.ts";

/** TLS Secret `web-tls` with both keys and a certificate for shop.example.com that is valid for a year. */
export function secret(
  changes: Partial<SecretFacts> & { readonly name?: string; readonly namespace?: string } = {},
): SecretFacts {
  const { name = "web-tls", namespace, ...rest } = changes;
  return {
    ref: ref("v1", "Secret", name, namespace),
    type: "kubernetes.io/tls",
    keys: ["tls.crt", "tls.key"],
    certificate: { expiresAt: NOW + 365 * 24 * 3_600_000, dnsNames: ["shop.example.com"] },
    ...rest,
  };
}

/** Active ManagedCertificate `web-cert` for shop.example.com. */
export function managedCertificate(
  changes: Partial<ManagedCertificate> & { readonly name?: string } = {},
): ManagedCertificate {
  const { name = "web-cert", ...rest } = changes;
  return {
    ref: ref("networking.gke.io/v1", "ManagedCertificate", name),
    createdAt: LONG_AGO,
    domains: ["shop.example.com"],
    status: "Active",
    certificateName: "mcrt-1",
    domainStatus: [{ domain: "shop.example.com", status: "Active" }],
    ...rest,
  };
}

/** A live load balancer that is empty but readable, with these certificates. */
export function liveCertificates(...certificates: readonly Partial<SslCertificate>[]): LoadBalancer {
  const empty = known([]);
  return {
    readAt: NOW,
    project: "demo-project",
    forwardingRules: empty,
    targetProxies: empty,
    urlMaps: empty,
    backendServices: empty,
    healthChecks: empty,
    negs: empty,
    certificates: known(
      certificates.map((one) => ({
        name: "cert-1",
        scope: "global",
        managed: false,
        dnsNames: ["shop.example.com"],
        domainStatus: [],
        ...one,
      })),
    ),
    addresses: empty,
    firewalls: empty,
    subnetworks: empty,
    quotas: empty,
    sslPolicies: empty,
  };
}
