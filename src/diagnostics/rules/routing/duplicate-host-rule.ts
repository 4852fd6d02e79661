import { type ExpectedUrlMap, expectedUrlMap, sampleHost, targetText } from "../../expected-url-map.ts";
import { expandPath } from "../../gke/path-rules.ts";
import type { Translation } from "../../gke/translate.ts";
import { pathManifest, testHost } from "../../ingress-manifest.ts";
import { type PatchStep, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import type { Route, Topology } from "../../topology.ts";

export default defineRule({
  code: "GID305",
  slug: "duplicate-host-rule",
  severity: "error",
  symptoms: ["404"],
  stage: "routing",
  reads: ["ingress", "routes", "translation"],
  rows: ["URL-06"],
  summary: "Two rules name the same host, and GKE keeps only the last one.",
  why: "The controller does not merge rules of one host. The later rule replaces the earlier one with all its paths, and no Event says so.",
  fix: "Move the paths of all rules of a host into one rule.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules[*].host}'"],
  sources: ["ingress-gce pkg/utils/gceurlmap.go, PutPathRulesForHost"],
  messages: {
    unserved:
      "spec.rules[{winner}] replaces {lost} for host {host}. {paths} of the replaced rule falls to GKE's default backend, which answers 404.",
    elsewhere:
      "spec.rules[{winner}] replaces {lost} for host {host}. {paths} of the replaced rule goes to {other} instead of {service}.",
  },

  check(topology, report) {
    const { translation, ingress, routes } = topology;
    const urlMap = expectedUrlMap(translation, report);
    if (urlMap === undefined) return;
    for (const [host, { lost, winner }] of replacedRules(translation)) {
      const losses = routes
        .filter((route) => lost.includes(route.ruleIndex))
        .flatMap((route) => lossesOf(urlMap, route));
      const worst = losses.find(({ other }) => other === undefined) ?? losses[0];
      if (worst === undefined) continue;
      const place = {
        subject: { ...ingress.ref, fieldPath: `spec.rules[${lost[0]}]` },
        fix: patchFix(ingress.ref, mergeSteps(ingress, lost, winner)),
      };
      const alike = losses.filter(({ other }) => other === worst.other).map(({ path }) => path);
      const shown = {
        winner,
        lost: listed(lost.map((index) => `spec.rules[${index}]`)),
        host,
        paths: listed([...new Set(alike)]),
      };
      if (worst.other === undefined) report("unserved", place, shown);
      else {
        const { other, service } = worst;
        const symptoms = ["wrong-backend"] as const;
        report("elsewhere", { ...place, severity: "warning", symptoms }, { ...shown, other, service });
      }
    }
  },
});

interface Replaced {
  /** Indexes of the rules that are lost, in writing order. */
  readonly lost: number[];
  /** Index of the rule that stays. */
  readonly winner: number;
}

function replacedRules({ overwrittenHosts }: Translation): ReadonlyMap<string, Replaced> {
  const hosts = new Map<string, Replaced>();
  for (const { host, ruleIndex, byRuleIndex } of overwrittenHosts) {
    hosts.set(host, { lost: [...(hosts.get(host)?.lost ?? []), ruleIndex], winner: byRuleIndex });
  }
  return hosts;
}

interface Loss {
  readonly path: string;
  /** Backend the path names. */
  readonly service: string;
  /** Backend that answers it instead; undefined for GKE's default backend. */
  readonly other: string | undefined;
}

/** What a route of a replaced rule loses; nothing where the other rule sends it to the same backend. */
function lossesOf(urlMap: ExpectedUrlMap, { host, path, pathType, backend }: Route): readonly Loss[] {
  const expansion = expandPath({ path, pathType });
  const service = backend?.slice(backend.indexOf("/") + 1) ?? "";
  return (expansion.ok ? expansion.paths : []).flatMap((expanded) => {
    const sample = expanded.endsWith("/*") ? `${expanded.slice(0, -1)}page` : expanded;
    const receiver = urlMap.ownReceiver(sampleHost(host), sample);
    if (receiver?.key === backend) return [];
    return [{ path, service, other: receiver && targetText(receiver) }];
  });
}

/** Adds the lost paths that the winner does not write itself, then removes the lost rules from the last on. */
function mergeSteps(ingress: Topology["ingress"], lost: readonly number[], winner: number): PatchStep[] {
  const written = new Set(ingress.rules[winner]?.paths?.map(({ path }) => path));
  const moved = lost
    .flatMap((index) => ingress.rules[index]?.paths ?? [])
    .filter(({ path }) => !written.has(path));
  return [
    ...[...lost, winner].flatMap((index) => testHost(ingress, index)),
    ...moved.map(
      (path): PatchStep => ({
        op: "add",
        path: `/spec/rules/${winner}/http/paths/-`,
        value: pathManifest(path),
      }),
    ),
    ...[...lost].reverse().map((index): PatchStep => ({ op: "remove", path: `/spec/rules/${index}` })),
  ];
}
