import type { ManagedCertificate, SecretFacts } from "../../src/model/gke-config.ts";
import type { LoadBalancer, SslCertificate } from "../../src/model/load-balancer.ts";
import { known } from "../../src/model/observed.ts";
import { LONG_AGO, NOW, notRead, ref, snapshot } from "./builders.ts";
import type { HealthyCase, UndecidedCase } from "./rule-cases.ts";
import { annotated } from "./tls-ingress.ts";

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
    instanceGroups: empty,
    certificates: known(
      certificates.map((one) => ({
        name: "cert-1",
        scope: "global",
        createdAt: LONG_AGO,
        managed: false,
        dnsNames: ["shop.example.com"],
        domainStatus: [],
        ...one,
      })),
    ),
    addresses: empty,
    rivals: empty,
    firewalls: empty,
    subnetworks: empty,
    quotas: empty,
    sslPolicies: empty,
  };
}

const naming = annotated({ "networking.gke.io/managed-certificates": "web-cert" });

/** An Ingress that names ManagedCertificate `web-cert`, and one such object with `changes`. */
export function certified(changes: Parameters<typeof managedCertificate>[0] = {}) {
  return snapshot({ ingress: naming, managedCertificates: known([managedCertificate(changes)]) });
}

/** What every rule on managed certificates is silent on; `fault` is what it reports on a named one. */
export function certificatesInOrder(fault: Partial<ManagedCertificate>): readonly HealthyCase[] {
  return [
    { name: "none is asked for", given: snapshot() },
    { name: "issued", given: certified() },
    { name: "one that this Ingress does not name", given: certified({ name: "other", ...fault }) },
  ];
}

/** An Ingress that names managed SslCertificate `corp` itself, in the state that Google gives, without an object. */
export function managedByHand(changes: Partial<SslCertificate>) {
  return snapshot({
    ingress: annotated({ "ingress.gcp.kubernetes.io/pre-shared-cert": "corp" }),
    loadBalancer: known(liveCertificates({ name: "corp", managed: true, status: "ACTIVE", ...changes })),
  });
}

/** As {@link managedByHand}, with one state for its only domain. */
export function domainByHand(status: string) {
  const domainStatus = [{ domain: "shop.example.com", status }];
  return managedByHand({ status: "PROVISIONING", domainStatus });
}

/** The undecided case of every rule on managed certificates, where Google issues one that no object stands for. */
export const GOOGLE_UNREAD: UndecidedCase = {
  name: "a certificate of Google's own that cannot be read",
  given: snapshot({ ingress: annotated({ "ingress.gcp.kubernetes.io/pre-shared-cert": "corp" }) }),
  source: "loadBalancer",
};

/** The undecided case of every rule on managed certificates. */
export const CERTIFICATES_UNREAD: UndecidedCase = {
  name: "managed certificates cannot be read",
  given: snapshot({ ingress: naming, managedCertificates: notRead("managedCertificates") }),
  source: "managedCertificates",
};
