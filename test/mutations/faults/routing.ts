import { type Cluster, touch } from "../cluster.ts";
import { BOTH, type Fault, type Moment } from "../fault.ts";
import { annotationsOf } from "../gke-controllers.ts";
import type { HostRule, PathRule } from "../raw-objects.ts";
import { firstPath, hasRules } from "./translation.ts";

function firstRule(cluster: Cluster): HostRule | undefined {
  return cluster.ingress.spec.rules?.[0];
}

function paths(cluster: Cluster): PathRule[] {
  return firstRule(cluster)?.http?.paths ?? [];
}

const hasHost = (cluster: Cluster) => firstRule(cluster)?.host !== undefined;
const hasOneRule = (cluster: Cluster) => hasHost(cluster) && cluster.ingress.spec.rules?.length === 1;
const hasNoFallback = (cluster: Cluster) => cluster.ingress.spec.defaultBackend === undefined;

function edit(cluster: Cluster, { at }: Moment, change: () => void): readonly [] {
  change();
  touch(cluster.ingress, at);
  return [];
}

/** Drops backends that the URL map no longer names from the status annotation. */
function onlyDefault(cluster: Cluster): void {
  const annotations = annotationsOf(cluster.ingress);
  const states = JSON.parse(annotations["ingress.kubernetes.io/backends"] ?? "{}") as Record<string, string>;
  const kept = Object.entries(states).filter(([name]) => name.includes("kube-system"));
  annotations["ingress.kubernetes.io/backends"] = JSON.stringify(Object.fromEntries(kept));
}

/** What GKE builds exactly as written, and not as meant. */
export const ROUTING_FAULTS: readonly Fault[] = [
  {
    id: "duplicate-host-rule",
    rootCause: "duplicate-host-rule",
    symptoms: ["404", "wrong-backend", "degraded"],
    onsets: BOTH,
    applies: (cluster) => hasOneRule(cluster) && paths(cluster).length === 1,
    inject: (cluster, moment) =>
      edit(cluster, moment, () => {
        const [rule] = cluster.ingress.spec.rules ?? [];
        const [path] = paths(cluster);
        if (rule === undefined || path === undefined) return;
        const twin = structuredClone(rule);
        Object.assign(path, { path: "/one", pathType: "Prefix" });
        for (const other of twin.http?.paths ?? [])
          Object.assign(other, { path: "/two", pathType: "Prefix" });
        cluster.ingress.spec.rules = [rule, twin];
      }),
  },
  {
    id: "duplicate-path",
    rootCause: "duplicate-path",
    symptoms: ["wrong-backend"],
    onsets: BOTH,
    applies: (cluster) => cluster.services.length > 1 && hasRules(cluster),
    inject: (cluster, moment) =>
      edit(cluster, moment, () => {
        const [path] = paths(cluster);
        const other = cluster.services.find(({ metadata }) => metadata.name !== path?.backend.service?.name);
        if (path === undefined || other === undefined) return;
        const twin = structuredClone(path);
        const [port] = other.spec.ports;
        twin.backend = { service: { name: other.metadata.name, port: { number: port?.port ?? 80 } } };
        paths(cluster).push(twin);
      }),
  },
  {
    id: "host-not-matched",
    rootCause: "host-not-matched",
    symptoms: ["404"],
    onsets: BOTH,
    applies: (cluster) => hasOneRule(cluster) && hasNoFallback(cluster),
    inject: (cluster, moment) =>
      edit(cluster, moment, () => {
        const rule = firstRule(cluster);
        if (rule !== undefined) rule.host = "*.shop.example.com";
      }),
  },
  {
    id: "path-matches-exactly-only",
    rootCause: "path-matches-exactly-only",
    symptoms: ["404"],
    onsets: BOTH,
    applies: (cluster) => paths(cluster).length === 1 && hasNoFallback(cluster),
    inject: (cluster, moment) =>
      edit(cluster, moment, () => {
        const path = firstPath(cluster);
        if (path !== undefined) Object.assign(path, { path: "/app", pathType: "ImplementationSpecific" });
      }),
  },
  {
    id: "path-matches-exactly-only at the root",
    rootCause: "path-matches-exactly-only",
    symptoms: ["404"],
    onsets: BOTH,
    applies: (cluster) => paths(cluster).length === 1 && hasNoFallback(cluster),
    inject: (cluster, moment) =>
      edit(cluster, moment, () => {
        const path = firstPath(cluster);
        if (path !== undefined) Object.assign(path, { path: "/", pathType: "ImplementationSpecific" });
      }),
  },
  {
    id: "rule-without-paths",
    rootCause: "rule-without-paths",
    symptoms: ["404"],
    onsets: BOTH,
    applies: (cluster) => hasOneRule(cluster) && hasNoFallback(cluster),
    inject: (cluster, moment) =>
      edit(cluster, moment, () => {
        cluster.ingress.spec.rules = [{ host: "shop.example.com" }];
        onlyDefault(cluster);
      }),
  },
];
