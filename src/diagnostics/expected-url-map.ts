import { type UrlMatch, UrlMatcher } from "./gke/match-url.ts";
import type { BackendTarget, Translation } from "./gke/translate.ts";
import type { UrlMapTable } from "./gke/url-map.ts";
import type { Report } from "./rule.ts";

/** The URL map that GKE makes of an Ingress, and where it sends requests. */
export class ExpectedUrlMap {
  readonly table: UrlMapTable<BackendTarget>;
  #matcher: UrlMatcher<BackendTarget> | undefined;

  constructor(table: UrlMapTable<BackendTarget>) {
    this.table = table;
  }

  /** Matches a request for a host without a port, which every product treats alike. */
  match(host: string, path: string): UrlMatch<BackendTarget> {
    this.#matcher ??= new UrlMatcher(this.table);
    return this.#matcher.match({ scheme: "http", host, path }, "external");
  }

  /** The backend of the user's own that a request reaches; undefined when GKE's default backend answers it. */
  ownReceiver(host: string, path: string): BackendTarget | undefined {
    const { target } = this.match(host, path);
    return target?.origin.kind === "system-default" ? undefined : target;
  }
}

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
  return errors.length === 0 ? new ExpectedUrlMap(table) : undefined;
}

/** A host that a host rule covers, and a catch-all rule alone where it is one. */
export function sampleHost(host: string): string {
  return host === "*" ? "any.invalid" : host.replace("*", "any");
}

/** `Service:port` of a backend, as a message shows it. */
export function targetText({ service, port }: BackendTarget): string {
  return `${service.slice(service.indexOf("/") + 1)}:${port.name ?? port.number ?? 0}`;
}
