import { type ExpectedUrlMap, expectedUrlMap } from "../../expected-url-map.ts";
import type { Severity } from "../../finding.ts";
import { managedCertificateNames } from "../../gke/ingress-annotations.ts";
import { pathManifest } from "../../ingress-manifest.ts";
import { patchFix } from "../../kubectl.ts";
import { defineRule, type Place, type Report } from "../../rule.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID308",
  slug: "host-not-matched",
  severity: "warning",
  symptoms: ["404"],
  stage: "routing",
  reads: ["ingress", "ingresses", "managedCertificates", "translation"],
  rows: ["URL-05", "URL-10"],
  summary: "A host that the Ingress seems to be meant for is covered by none of its rules.",
  why: "A host rule takes the names it spells out. `*.example.com` covers every name that ends in .example.com, at any depth, but not example.com itself; example.com does not cover www.example.com. A host that no rule covers falls to GKE's default backend, which answers 404.",
  fix: "Add a rule for the host, or give the Ingress a default backend that serves it.",
  confirm: [
    "kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules[*].host}'",
    "curl -i -H 'Host: HOST' http://ADDRESS/",
  ],
  sources: ["Compute Engine API, HostRule.hosts", "Google Cloud documentation: URL maps overview"],
  messages: {
    wildcard:
      "{wildcard} does not cover {host} itself, and neither does another rule. Requests for {host} fall to GKE's default backend, which answers 404.",
    certificate:
      "{source} names {host}, which no rule covers. Requests for {host} fall to GKE's default backend, which answers 404.",
  },

  check(topology, report) {
    const { ingresses, translation } = topology;
    const urlMap = expectedUrlMap(translation, report);
    if (urlMap === undefined || !report.knows(ingresses)) return;
    const elsewhere = new Set(ingresses.value.flatMap(({ rules }) => rules.map(({ host }) => host)));
    const isUnserved = (host: string) => !elsewhere.has(host) && isUnmatched(urlMap, host);
    const named = certificateHosts(topology, report);
    const hosts = urlMap.table.hosts.map(({ host }) => host);
    for (const wildcard of hosts) {
      const host = bareDomain(wildcard);
      if (host === undefined || !isUnserved(host)) continue;
      const severity = hosts.length === 1 || named.has(host) ? "warning" : "info";
      report("wildcard", placeOf(topology, wildcard, host, severity), { wildcard, host });
    }
    for (const [host, source] of named) {
      if (hosts.includes(`*.${host}`) || !isUnserved(host)) continue;
      const sibling = hosts.find((other) => other === `www.${host}` || host === `www.${other}`);
      const place = placeOf(topology, sibling, host, sibling === undefined ? "info" : "warning");
      report("certificate", place, { source, host });
    }
  },
});

/** `example.com` of `*.example.com`; undefined for other hosts, and for wildcards over a top-level domain. */
function bareDomain(host: string): string | undefined {
  return /^\*\.(.+\..+)$/.exec(host)?.[1];
}

/** Whether GKE's default backend gets every request for a host. */
function isUnmatched(urlMap: ExpectedUrlMap, host: string): boolean {
  const { hostRule, target } = urlMap.match(host, "/");
  return hostRule.kind === "none" && target?.origin.kind === "system-default";
}

/** Hosts that a certificate of the Ingress is meant for, each with what names it. */
function certificateHosts(
  { ingress, managedCertificates }: Topology,
  report: Pick<Report<never>, "knows">,
): ReadonlyMap<string, string> {
  const named: [string, string][] = ingress.tls.flatMap(({ hosts }, index) =>
    hosts.map((host): [string, string] => [host, `spec.tls[${index}]`]),
  );
  const names = managedCertificateNames(ingress);
  if (names.length > 0 && report.knows(managedCertificates)) {
    for (const { ref, domains } of managedCertificates.value) {
      if (ref.namespace !== ingress.ref.namespace || !names.includes(ref.name)) continue;
      named.push(...domains.map((domain): [string, string] => [domain, `ManagedCertificate ${ref.name}`]));
    }
  }
  // Sorted, so that the same source is told whatever the order of the certificates.
  const exact = named.filter(([host]) => !host.startsWith("*"));
  return new Map(exact.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Blames the rule of a neighbouring host, if there is one; the fix sends the missing host where that one goes. */
function placeOf(
  { ingress }: Topology,
  neighbour: string | undefined,
  host: string,
  severity: Severity,
): Place {
  const index = ingress.rules.findLastIndex((rule) => rule.host === neighbour && rule.paths !== undefined);
  const paths = ingress.rules[index]?.paths;
  if (paths === undefined) return { subject: ingress.ref, severity };
  const rule = { host, http: { paths: paths.map(pathManifest) } };
  return {
    subject: { ...ingress.ref, fieldPath: `spec.rules[${index}].host` },
    severity,
    fix: patchFix(ingress.ref, [{ op: "add", path: "/spec/rules/-", value: rule }]),
  };
}
