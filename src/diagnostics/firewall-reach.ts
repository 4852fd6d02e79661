import type { Firewall } from "../model/load-balancer.ts";
import { covers, overlaps, parseCidr } from "./cidr.ts";

/** Whether packets from a range reach a port: yes, surely not, or not to be told from the rules alone. */
export type Reach =
  | { readonly kind: "allowed"; readonly by: string }
  /** `by` is the deny rule; undefined when no rule at all allows it and VPC networks deny by default. */
  | { readonly kind: "denied"; readonly by: string | undefined }
  | { readonly kind: "unclear" };

/**
 * Evaluates VPC firewall rules for TCP from one range to one port, highest priority first, deny before allow.
 *
 * Which machines a rule with target tags or service accounts applies to is not known here: an allow rule counts,
 * since the rule that GKE makes is one; a deny rule makes the answer unclear.
 */
export function firewallReach(firewalls: readonly Firewall[], range: string, port: number): Reach {
  const source = parseCidr(range);
  if (source === undefined) return { kind: "unclear" };
  const relevant = firewalls
    .filter((rule) => !rule.disabled && rule.rules.some((one) => coversPort(one, port)))
    .filter((rule) => rule.sourceRanges.some((text) => touches(text, source)))
    .sort((a, b) => a.priority - b.priority || (a.action === "deny" ? -1 : 1));
  for (const rule of relevant) {
    const whole = rule.sourceRanges.some((text) => {
      const block = parseCidr(text);
      return block !== undefined && covers(block, source);
    });
    const everywhere = rule.targetTags.length === 0 && rule.targetServiceAccounts.length === 0;
    if (rule.action === "allow" && whole) return { kind: "allowed", by: rule.name };
    if (rule.action === "deny" && whole && everywhere) return { kind: "denied", by: rule.name };
    return { kind: "unclear" };
  }
  return { kind: "denied", by: undefined };
}

function touches(text: string, source: NonNullable<ReturnType<typeof parseCidr>>): boolean {
  const block = parseCidr(text);
  return block !== undefined && overlaps(block, source);
}

/** A firewall rule's protocol entry covers TCP on a port: `tcp` or `all` (or protocol number 6), port or range. */
function coversPort({ protocol, ports }: Firewall["rules"][number], port: number): boolean {
  if (!["tcp", "all", "6"].includes(protocol)) return false;
  return ports === undefined || ports.some((text) => inPortRange(text, port));
}

function inPortRange(text: string, port: number): boolean {
  const [from = Number.NaN, to = from] = text.split("-").map(Number);
  return from <= port && port <= to;
}
