import type { UrlRequest } from "../../src/diagnostics/gke/match-url.ts";
import type { Ingress } from "../mutations/raw-objects.ts";

/** A host that no Ingress names. */
const STRANGER = "nobody.invalid";

/**
 * The requests that an Ingress is tried with: its hosts and strangers, its paths and what lies beside them, both
 * schemes, query strings, and ports in the Host header.
 */
export function requestsFor({ spec }: Ingress): readonly UrlRequest[] {
  const rules = spec.rules ?? [];
  const hosts = rules.flatMap(({ host = "" }) => hostsFor(host));
  const paths = rules.flatMap(({ http }) => http?.paths ?? []).flatMap(({ path = "" }) => pathsFor(path));
  const requests: UrlRequest[] = [];
  for (const host of new Set([...hosts, STRANGER])) {
    for (const path of new Set([...paths, "/", "/healthz", "/no/such/page"])) {
      for (const scheme of ["http", "https"] as const) requests.push({ scheme, host, path });
    }
  }
  const [host = STRANGER] = hosts;
  return [
    ...requests,
    { scheme: "http", host: host.toUpperCase(), path: "/" },
    { scheme: "http", host, path: "/?a=/b" },
  ];
}

function hostsFor(host: string): readonly string[] {
  if (host === "" || host === "*") return ["any.invalid"];
  if (host.startsWith("*"))
    return [host.replace("*", "a"), host.replace("*", "a.b"), host.replace(/^\*\.?/, "")];
  return [host, `sub.${host}`];
}

function pathsFor(path: string): readonly string[] {
  const stem = path.replace(/\/?\*$/, "");
  return [stem || "/", `${stem}/`, `${stem}/x`, `${stem}x`].filter(
    (one) => /^\/[!-~]*$/.test(one) && !one.includes("*"),
  );
}
