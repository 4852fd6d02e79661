import type { Ingress } from "../model/ingress.ts";
import type { ForwardingRule, LoadBalancer, UrlMap } from "../model/load-balancer.ts";
import { known, type Observed } from "../model/observed.ts";
import type { Node } from "../model/pod.ts";
import { type ObjectKey, objectKey } from "../model/refs.ts";
import type { Service } from "../model/service.ts";
import { contentHash } from "./gke/names.ts";
import { shellCommand } from "./shell.ts";

const PARTS = [
  "forwardingRules",
  "targetProxies",
  "urlMaps",
  "backendServices",
  "healthChecks",
  "negs",
  "certificates",
] as const;

/** Collections of a whole project, not of one Ingress. */
export type Holdings = Pick<LoadBalancer, (typeof PARTS)[number]>;

/** What tells a leftover from what is needed. */
export interface LeftoverSources {
  readonly holdings: Holdings;
  readonly nodes: Observed<readonly Node[]>;
  readonly ingress: (key: ObjectKey) => Observed<Ingress | undefined>;
  readonly service: (key: ObjectKey) => Observed<Service | undefined>;
}

/** Kinds of leftovers in the order in which they can be deleted: a user before what it uses. */
export const LEFTOVER_KINDS = [
  "forwarding-rule",
  "target-proxy",
  "url-map",
  "backend-service",
  "health-check",
  "network-endpoint-group",
  "ssl-certificate",
] as const;

/** A resource in Compute Engine that this cluster made for an object that is gone. */
export interface Leftover {
  readonly kind: (typeof LEFTOVER_KINDS)[number];
  readonly name: string;
  /** `Ingress shop/web` or `Service shop/web`; undefined for a certificate, which names nobody. */
  readonly owner: string | undefined;
  /** Deletes it, once what stands before it in the list is deleted. */
  readonly command: string;
}

/**
 * Finds what this cluster left behind: resources whose description names an Ingress or Service that is gone, what
 * only they lead to, and certificates that no proxy serves. In the order in which it can be deleted.
 *
 * Other clusters of the project name Ingresses, too, so a resource counts only if its name carries this cluster's
 * UID, and that is believed only of backend services whose endpoints Google sees on nodes of this cluster:
 * annotations and names may have been copied with a backup. It names resources of every namespace, so it is for
 * whoever runs the cluster and not for a diagnosis. Unknown while a part cannot be read.
 */
export function findLeftovers(sources: LeftoverSources): Observed<readonly Leftover[]> {
  const { holdings, nodes } = sources;
  const unread = [nodes, ...PARTS.map((name) => holdings[name])].find((part) => !part.known);
  if (unread !== undefined && !unread.known) return unread;
  const all = valuesOf(holdings);
  const uids = clusterUids(all, nodes.known ? nodes.value : []);
  if (uids.size === 0) return known([]);
  const fronts = frontsOf(all, uids, sources);
  const backs = backsOf(all, uids, sources, new Set(fronts.map(({ name }) => name)));
  return known([...fronts, ...backs, ...unservedCertificates(all, uids)].sort(byOrder));
}

type Values = { readonly [K in keyof Holdings]: Holdings[K] extends Observed<infer T> ? T : never };

function valuesOf(holdings: Holdings): Values {
  return Object.fromEntries(
    PARTS.map((name) => {
      const part = holdings[name];
      return [name, part.known ? part.value : []];
    }),
  ) as unknown as Values;
}

/**
 * UIDs that names of this cluster's resources carry: of the first scheme, 8 characters, and of the second. Only
 * the NEGs of a backend service that is surely the cluster's tell the UID that the second one is made of.
 */
function clusterUids({ backendServices, negs }: Values, nodes: readonly Node[]): ReadonlySet<string> {
  const own = new Set(nodes.map(({ ref }) => ref.name));
  const proven = backendServices.filter(
    ({ health }) => health.known && health.value.some(({ instance = "" }) => own.has(instance)),
  );
  const groups = new Set(proven.flatMap((one) => one.groups.map(({ name }) => name)));
  const second = negs.flatMap(({ name, description }) => {
    const uid = groups.has(name) ? describedNeg(description)?.clusterUid : undefined;
    return uid === undefined ? [] : contentHash(uid, 8);
  });
  return new Set([...proven.flatMap(({ name }) => firstUid(name) ?? []), ...second]);
}

/** `k8s1-7c1e09d2-...` and `k8s-be-30080--7c1e09d2a4b85f36` carry the first characters of the same UID. */
function firstUid(name: string): string | undefined {
  return /^k8s1-([0-9a-f]{8})-/.exec(name)?.[1] ?? /^k8s-.*--([0-9a-f]{8})[0-9a-f]*$/.exec(name)?.[1];
}

function uidOf(name: string): string {
  return /^k8s2-[a-z]{2}-([0-9a-z]{8})-/.exec(name)?.[1] ?? firstUid(name) ?? "";
}

function frontsOf(
  { forwardingRules, targetProxies, urlMaps }: Values,
  uids: ReadonlySet<string>,
  { ingress }: LeftoverSources,
): readonly Leftover[] {
  const isLeft = ({ name, ingress: key }: ForwardingRule) =>
    key !== undefined && uids.has(uidOf(name)) && isGone(ingress(key));
  const [left, kept] = [forwardingRules.filter(isLeft), forwardingRules.filter((rule) => !isLeft(rule))];
  const keptTargets = new Set(kept.map(({ target }) => target));
  const keptMaps = new Set(
    targetProxies.filter(({ name }) => keptTargets.has(name)).map(({ urlMap }) => urlMap),
  );
  return left.flatMap((rule) => {
    const owner = `Ingress ${rule.ingress}`;
    const proxies = targetProxies.filter(({ name }) => name === rule.target && !keptTargets.has(name));
    const maps = urlMaps.filter(
      ({ name }) => proxies.some(({ urlMap }) => urlMap === name) && !keptMaps.has(name),
    );
    return unique([
      leftover("forwarding-rule", rule, owner, "forwarding-rules"),
      ...proxies.map((proxy) =>
        leftover(
          "target-proxy",
          { ...proxy, scope: rule.scope },
          owner,
          `target-${proxy.protocol.toLowerCase()}-proxies`,
        ),
      ),
      ...maps.map((map) => leftover("url-map", { ...map, scope: rule.scope }, owner, "url-maps")),
    ]);
  });
}

function backsOf(
  { urlMaps, backendServices, healthChecks, negs }: Values,
  uids: ReadonlySet<string>,
  { service }: LeftoverSources,
  fronts: ReadonlySet<string>,
): readonly Leftover[] {
  const routed = new Set(urlMaps.filter(({ name }) => !fronts.has(name)).flatMap(routedNames));
  const left = backendServices.filter(
    ({ name, serviceKey }) =>
      serviceKey !== undefined && uids.has(uidOf(name)) && !routed.has(name) && isGone(service(serviceKey)),
  );
  const kept = backendServices.filter((one) => !left.includes(one));
  const keptGroups = new Set(kept.flatMap(({ groups }) => groups.map(({ name, zone }) => `${zone}/${name}`)));
  return [
    ...left.flatMap((one) => {
      const owner = `Service ${one.serviceKey}`;
      const checks = healthChecks.filter(({ name }) => name === one.name && one.healthChecks.includes(name));
      return [
        leftover("backend-service", one, owner, "backend-services"),
        ...checks.map((check) =>
          leftover("health-check", { ...check, scope: one.scope }, owner, "health-checks"),
        ),
      ];
    }),
    ...negs.flatMap(({ name, zone, description }) => {
      const described = describedNeg(description);
      const isOurs = described !== undefined && uids.has(contentHash(described.clusterUid, 8));
      if (!isOurs || keptGroups.has(`${zone}/${name}`) || !isGone(service(described.service))) return [];
      const command = shellCommand(...GCLOUD, "network-endpoint-groups", "delete", name, `--zone=${zone}`);
      return [
        { kind: "network-endpoint-group" as const, name, owner: `Service ${described.service}`, command },
      ];
    }),
  ];
}

function unservedCertificates(
  { certificates, targetProxies }: Values,
  uids: ReadonlySet<string>,
): readonly Leftover[] {
  const served = new Set(targetProxies.flatMap((proxy) => proxy.certificates));
  return certificates
    .filter(({ name }) => name.startsWith("k8s2-cr-") && uids.has(uidOf(name)) && !served.has(name))
    .map((one) => leftover("ssl-certificate", one, undefined, "ssl-certificates"));
}

const GCLOUD = ["gcloud", "compute"] as const;

function leftover(
  kind: Leftover["kind"],
  { name, scope }: { readonly name: string; readonly scope: string },
  owner: string | undefined,
  group: string,
): Leftover {
  const where = scope === "global" ? "--global" : `--region=${scope}`;
  return { kind, name, owner, command: shellCommand(...GCLOUD, group, "delete", name, where) };
}

function isGone(observed: Observed<unknown>): boolean {
  return observed.known && observed.value === undefined;
}

/** What the JSON description of a NEG says; undefined for a NEG that GKE did not make. */
function describedNeg(
  description: string,
): { readonly clusterUid: string; readonly service: ObjectKey } | undefined {
  const text = (key: string) => new RegExp(`"${key}":"([^"\\\\]+)"`).exec(description)?.[1];
  const [clusterUid, namespace, name] = [text("cluster-uid"), text("namespace"), text("service-name")];
  if (clusterUid === undefined || namespace === undefined || name === undefined) return undefined;
  return { clusterUid, service: objectKey(namespace, name) };
}

function routedNames({ defaultService, hosts }: UrlMap): readonly string[] {
  const routed = hosts.flatMap((host) => [host.defaultService, ...host.paths.map(({ service }) => service)]);
  return [defaultService, ...routed].filter((name) => name !== undefined);
}

function unique(leftovers: readonly Leftover[]): readonly Leftover[] {
  return [...new Map(leftovers.map((one) => [one.command, one])).values()];
}

function byOrder(a: Leftover, b: Leftover): number {
  return LEFTOVER_KINDS.indexOf(a.kind) - LEFTOVER_KINDS.indexOf(b.kind) || (a.command < b.command ? -1 : 1);
}
