import type { Observed } from "../model/observed.ts";
import { tlsSecretNames } from "./gke/frontends.ts";
import { builtObjects } from "./gke/status-annotations.ts";
import type { Report } from "./rule.ts";
import type { Topology } from "./topology.ts";

/** A certificate that the Ingress serves, wherever its facts were read. */
export interface ServedCertificate {
  /** `Secret web-tls` or `SslCertificate mcrt-1`. */
  readonly label: string;
  readonly expiresAt: number | undefined;
  readonly dnsNames: readonly string[];
}

type Sources = Pick<Topology, "ingress" | "secrets" | "loadBalancer">;

/**
 * Every certificate the Ingress serves; undefined when one of them could not be read, so that what is missing
 * from the list is known to be missing.
 *
 * Google's own list is complete; without it, Secrets are, if nothing but Secrets is used.
 */
export function servedCertificates(
  topology: Sources,
  report: Pick<Report<Readonly<Record<string, string>>>, "knows">,
): readonly ServedCertificate[] | undefined {
  const { loadBalancer } = topology;
  if (loadBalancer.known && loadBalancer.value.certificates.known) return liveCertificates(topology);
  const names = tlsSecretNames(topology.ingress).toSorted();
  const built = builtObjects(topology.ingress).sslCertificates.length;
  if (names.length === 0 || built > names.length) {
    if (built > 0) report.knows(loadBalancer.known ? loadBalancer.value.certificates : loadBalancer);
    return undefined;
  }
  return report.knows(topology.secrets) ? secretCertificates(topology, names) : undefined;
}

function liveCertificates({ ingress, loadBalancer }: Sources): readonly ServedCertificate[] {
  const live = valueIn(valueIn(loadBalancer)?.certificates) ?? [];
  const served = new Set(builtObjects(ingress).sslCertificates);
  return live
    .filter(({ name }) => served.has(name))
    .map(({ name, expiresAt, dnsNames }) => ({ label: `SslCertificate ${name}`, expiresAt, dnsNames }));
}

function secretCertificates(
  { ingress, secrets }: Sources,
  names: readonly string[],
): readonly ServedCertificate[] | undefined {
  const found = names.map((name) =>
    valueIn(secrets)?.find(({ ref }) => ref.name === name && ref.namespace === ingress.ref.namespace),
  );
  if (found.some((secret) => secret?.certificate === undefined)) return undefined;
  return found.flatMap((secret) =>
    secret?.certificate === undefined
      ? []
      : [
          {
            label: `Secret ${secret.ref.name}`,
            expiresAt: secret.certificate.expiresAt,
            dnsNames: secret.certificate.dnsNames,
          },
        ],
  );
}

function valueIn<T>(observed: Observed<T> | undefined): T | undefined {
  return observed?.known ? observed.value : undefined;
}

/** Whether a certificate covers a host: exactly, or by a wildcard for one label (RFC 6125). */
export function coversHost({ dnsNames }: Pick<ServedCertificate, "dnsNames">, host: string): boolean {
  const parent = host.slice(host.indexOf("."));
  return dnsNames.some((name) => name.toLowerCase() === host || name.toLowerCase() === `*${parent}`);
}
