import type { ManagedCertificate } from "../model/gke-config.ts";
import type { SslCertificate } from "../model/load-balancer.ts";
import type { Subject } from "./finding.ts";
import {
  managedCertificateNames,
  PRE_SHARED_CERT_ANNOTATION,
  preSharedCertificates,
} from "./gke/ingress-annotations.ts";
import type { Report } from "./rule.ts";
import type { Topology } from "./topology.ts";

/** A certificate that Google issues and renews, wherever its state was read. Statuses are in CamelCase. */
export interface IssuedCertificate {
  /** `ManagedCertificate web-cert`, or `SslCertificate corp` for one that no such object stands for. */
  readonly label: string;
  readonly subject: Subject;
  readonly domains: readonly string[];
  /** Empty until its controller has reported. */
  readonly status: string;
  readonly domainStatus: readonly { readonly domain: string; readonly status: string }[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

type Sources = Pick<Topology, "ingress" | "managedCertificates" | "loadBalancer">;
type Knows = Pick<Report<Readonly<Record<string, string>>>, "knows">;

/**
 * The managed certificates that the Ingress names: its ManagedCertificates that exist, and what its annotation of
 * pre-shared certificates names beside them.
 *
 * Google's own word on a certificate is newer than what its controller wrote into the ManagedCertificate, so it
 * counts where it was read.
 */
export function issuedCertificates(topology: Sources, report: Knows): readonly IssuedCertificate[] {
  const live = liveManaged(topology);
  const named = namedCertificates(topology, report);
  const stoodFor = new Set(named.map(({ certificateName }) => certificateName));
  const others = preSharedCertificates(topology.ingress).filter((name) => !stoodFor.has(name));
  if (others.length > 0 && !knowsCertificates(topology, report)) return named.map((one) => ofObject(one));
  return [
    ...named.map((one) => ofObject(one, live.get(one.certificateName ?? ""))),
    ...[...new Set(others)].sort().flatMap((name) => {
      const found = live.get(name);
      return found === undefined ? [] : [ofGoogle(found, topology)];
    }),
  ];
}

/** ManagedCertificates that the Ingress names and that exist, by name; none where they cannot be read. */
function namedCertificates(
  { ingress, managedCertificates }: Sources,
  report: Knows,
): readonly ManagedCertificate[] {
  const names = managedCertificateNames(ingress);
  if (names.length === 0 || !report.knows(managedCertificates)) return [];
  return managedCertificates.value
    .filter(({ ref }) => ref.namespace === ingress.ref.namespace && names.includes(ref.name))
    .sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
}

function knowsCertificates({ loadBalancer }: Sources, report: Knows): boolean {
  return report.knows(loadBalancer) && report.knows(loadBalancer.value.certificates);
}

function liveManaged({ loadBalancer }: Sources): ReadonlyMap<string, SslCertificate> {
  const certificates = loadBalancer.known ? loadBalancer.value.certificates : loadBalancer;
  const managed = certificates.known ? certificates.value.filter((one) => one.managed) : [];
  return new Map(managed.map((one) => [one.name, one]));
}

function ofObject(certificate: ManagedCertificate, live?: SslCertificate): IssuedCertificate {
  const { ref, domains, createdAt, status, domainStatus } = certificate;
  const object = { label: `ManagedCertificate ${ref.name}`, subject: ref, domains, createdAt };
  return live?.status === undefined
    ? { ...object, status, domainStatus }
    : { ...object, ...statesOf(live, live.status) };
}

function ofGoogle(live: SslCertificate, { ingress }: Sources): IssuedCertificate {
  return {
    label: `SslCertificate ${live.name}`,
    subject: { ...ingress.ref, fieldPath: `metadata.annotations[${PRE_SHARED_CERT_ANNOTATION}]` },
    domains: [...new Set(live.dnsNames)],
    createdAt: live.createdAt,
    ...statesOf(live, live.status ?? ""),
  };
}

function statesOf(live: SslCertificate, status: string): Pick<IssuedCertificate, "status" | "domainStatus"> {
  return {
    status: camelCase(status),
    domainStatus: live.domainStatus.map((one) => ({ domain: one.domain, status: camelCase(one.status) })),
  };
}

/** `FAILED_NOT_VISIBLE`, as the API says it, becomes `FailedNotVisible`, as the ManagedCertificate does. */
function camelCase(status: string): string {
  return status
    .split("_")
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join("");
}
