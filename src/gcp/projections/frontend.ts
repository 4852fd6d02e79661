import { compact, field, flag, list, record, text, texts, time } from "../../model/json.ts";
import type {
  Address,
  ForwardingRule,
  SslCertificate,
  TargetProxy,
  UrlMap,
} from "../../model/load-balancer.ts";
import { createdAt, nameOf, namesOf, optionalName, ownName, scopeOf } from "./resource.ts";

/** Projects a forwarding rule. */
export function projectForwardingRule(raw: unknown): ForwardingRule {
  return compact(
    {
      name: ownName(raw),
      scope: scopeOf(raw),
      address: text(raw, "IPAddress") ?? text(raw, "iPAddress") ?? "",
      port: Number.parseInt(text(raw, "portRange") ?? "", 10) || 0,
      target: nameOf(text(raw, "target")),
      scheme: text(raw, "loadBalancingScheme") ?? "",
      createdAt: createdAt(raw),
      allowGlobalAccess: flag(raw, "allowGlobalAccess") ?? false,
    },
    { ingress: ingressKey(text(raw, "description")) },
  );
}

/** Projects a target HTTP or HTTPS proxy. */
export function projectTargetProxy(raw: unknown, protocol: TargetProxy["protocol"]): TargetProxy {
  return compact(
    {
      name: ownName(raw),
      protocol,
      urlMap: nameOf(text(raw, "urlMap")),
      certificates: namesOf(texts(raw, "sslCertificates")),
    },
    { certificateMap: text(raw, "certificateMap"), sslPolicy: optionalName(raw, "sslPolicy") },
  );
}

/** Projects a URL map, path matchers folded into the hosts that use them. */
export function projectUrlMap(raw: unknown): UrlMap {
  const redirect = record(raw, "defaultUrlRedirect");
  const matchers = new Map(
    list(raw, "pathMatchers").map((matcher): [string, unknown] => [ownName(matcher), matcher]),
  );
  return compact(
    {
      name: ownName(raw),
      redirectsToHttps: redirect !== undefined && flag(redirect, "httpsRedirect") === true,
      hosts: Object.freeze(list(raw, "hostRules").flatMap((rule) => hostsOf(rule, matchers))),
      createdAt: createdAt(raw),
    },
    { defaultService: optionalName(raw, "defaultService") },
  );
}

function hostsOf(rule: unknown, matchers: ReadonlyMap<string, unknown>): UrlMap["hosts"] {
  const matcher = matchers.get(text(rule, "pathMatcher") ?? "");
  const paths = list(matcher, "pathRules").flatMap((pathRule) =>
    texts(pathRule, "paths").map((path) => compact({ path }, { service: optionalName(pathRule, "service") })),
  );
  return texts(rule, "hosts").map((host) =>
    compact(
      { host, paths: Object.freeze(paths) },
      { defaultService: optionalName(matcher, "defaultService") },
    ),
  );
}

/** Projects an SSL certificate; the private key is never part of what the API returns. */
export function projectSslCertificate(raw: unknown): SslCertificate {
  const managed = record(raw, "managed");
  const statuses = Object.entries(record(managed, "domainStatus") ?? {});
  return compact(
    {
      name: ownName(raw),
      scope: scopeOf(raw),
      createdAt: createdAt(raw),
      managed: text(raw, "type") === "MANAGED" || managed !== undefined,
      dnsNames: Object.freeze([...texts(raw, "subjectAlternativeNames"), ...texts(managed, "domains")]),
      domainStatus: Object.freeze(
        statuses.flatMap(([domain, status]) => (typeof status === "string" ? [{ domain, status }] : [])),
      ),
    },
    { expiresAt: time(raw, "expireTime"), status: text(managed, "status") },
  );
}

/** Projects a reserved address. */
export function projectAddress(raw: unknown): Address {
  return compact(
    {
      name: ownName(raw),
      scope: scopeOf(raw),
      address: text(raw, "address") ?? "",
      status: text(raw, "status") ?? "",
      users: namesOf(texts(raw, "users")),
    },
    {
      type: text(raw, "addressType"),
      networkTier: text(raw, "networkTier"),
      purpose: text(raw, "purpose"),
      subnetwork: optionalName(raw, "subnetwork"),
    },
  );
}

/** Ingress named by the JSON description that the controller writes, `namespace/name`. */
function ingressKey(description: string | undefined): string | undefined {
  return describedAs(description, "kubernetes.io/ingress-name");
}

/** A string member of a JSON description; undefined for any other text. */
export function describedAs(description: string | undefined, key: string): string | undefined {
  if (description === undefined || !description.startsWith("{")) return undefined;
  try {
    const value = field(JSON.parse(description), key);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
