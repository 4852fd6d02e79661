import { matchUrl, type UrlMatch } from "./gke/match-url.ts";
import type { BackendTarget, Translation } from "./gke/translate.ts";
import type { UrlMapTable } from "./gke/url-map.ts";
import type { Report } from "./rule.ts";

/** The URL map that GKE makes of an Ingress. */
export type ExpectedUrlMap = UrlMapTable<BackendTarget>;

/**
 * The URL map that GKE builds; undefined when an error keeps it from building any, or when that is open because
 * Services could not be read.
 */
export function expectedUrlMap(
  { table, errors, undecided }: Translation,
  report: Pick<Report<never>, "knows">,
): ExpectedUrlMap | undefined {
  const unread = undecided.find(({ source }) => source === "services");
  if (unread !== undefined && !report.knows(unread)) return undefined;
  return errors.length === 0 ? table : undefined;
}

/** Matches a request for a host without a port, which every product treats alike. */
export function matchRequest(table: ExpectedUrlMap, host: string, path: string): UrlMatch<BackendTarget> {
  return matchUrl(table, { scheme: "http", host, path }, "external");
}

/** The backend of the user's own that a request reaches; undefined when GKE's default backend answers it. */
export function ownReceiver(table: ExpectedUrlMap, host: string, path: string): BackendTarget | undefined {
  const { target } = matchRequest(table, host, path);
  return target?.origin.kind === "system-default" ? undefined : target;
}

/** A host that a host rule covers, and a catch-all rule alone where it is one. */
export function sampleHost(host: string): string {
  return host === "*" ? "any.invalid" : host.replace("*", "any");
}

/** `Service:port` of a backend, as a message shows it. */
export function targetText({ service, port }: BackendTarget): string {
  return `${service.slice(service.indexOf("/") + 1)}:${port.name ?? port.number ?? 0}`;
}
