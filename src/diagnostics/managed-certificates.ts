import type { ManagedCertificate } from "../model/gke-config.ts";
import { managedCertificateNames } from "./gke/ingress-annotations.ts";
import type { Report } from "./rule.ts";
import type { Topology } from "./topology.ts";

/** ManagedCertificates that the Ingress names and that exist, by name; none where they cannot be read. */
export function namedCertificates(
  { ingress, managedCertificates }: Pick<Topology, "ingress" | "managedCertificates">,
  report: Pick<Report<Readonly<Record<string, string>>>, "knows">,
): readonly ManagedCertificate[] {
  const names = managedCertificateNames(ingress);
  if (names.length === 0 || !report.knows(managedCertificates)) return [];
  return managedCertificates.value
    .filter(({ ref }) => ref.namespace === ingress.ref.namespace && names.includes(ref.name))
    .sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
}
