import { compact, each, flag, list, number, text, texts } from "../../model/json.ts";
import type { Firewall, Quota, Subnetwork } from "../../model/load-balancer.ts";
import { nameOf, ownName } from "./resource.ts";

/** Projects a VPC firewall rule for ingress traffic; undefined for one that concerns egress. */
export function projectFirewall(raw: unknown): Firewall | undefined {
  if (text(raw, "direction") === "EGRESS") return undefined;
  const denies = list(raw, "denied").length > 0;
  return Object.freeze({
    name: ownName(raw),
    network: nameOf(text(raw, "network")),
    description: text(raw, "description") ?? "",
    priority: number(raw, "priority") ?? 1000,
    disabled: flag(raw, "disabled") ?? false,
    action: denies ? "deny" : "allow",
    sourceRanges: texts(raw, "sourceRanges"),
    targetTags: texts(raw, "targetTags"),
    targetServiceAccounts: texts(raw, "targetServiceAccounts"),
    rules: each(raw, denies ? "denied" : "allowed", (rule) => ({
      protocol: (text(rule, "IPProtocol") ?? text(rule, "iPProtocol") ?? "all").toLowerCase(),
      ports: list(rule, "ports").length === 0 ? undefined : texts(rule, "ports"),
    })),
  });
}

/** Projects a subnetwork. */
export function projectSubnetwork(raw: unknown): Subnetwork {
  return compact(
    {
      name: ownName(raw),
      region: nameOf(text(raw, "region")),
      network: nameOf(text(raw, "network")),
      range: text(raw, "ipCidrRange") ?? "",
      purpose: text(raw, "purpose") ?? "PRIVATE",
    },
    { role: text(raw, "role") },
  );
}

/** Projects the quotas of a project or region. */
export function projectQuotas(raw: unknown, scope: string): readonly Quota[] {
  return each(raw, "quotas", (quota) => ({
    metric: text(quota, "metric") ?? "",
    scope,
    limit: number(quota, "limit") ?? 0,
    usage: number(quota, "usage") ?? 0,
  }));
}
