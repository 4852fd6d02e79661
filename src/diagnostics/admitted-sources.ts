import type { NetworkPolicy, NetworkPolicyPort, NetworkPolicyRule } from "../model/gke-config.ts";
import type { Pod } from "../model/pod.ts";
import { covers, overlaps, parseCidr } from "./cidr.ts";
import { matchesSelector } from "./gke/selector.ts";

/** What NetworkPolicies say of traffic to one port of one pod. */
export interface Admission {
  /** Policies that restrict what reaches the pod; with none of them everything does. */
  readonly policies: readonly NetworkPolicy[];
  /** CIDR blocks asked for from which nothing reaches the port. */
  readonly refused: readonly string[];
}

/**
 * Judges which of `sources` reach a TCP port of a pod, as NetworkPolicies combine: what one admits is admitted.
 *
 * A block that is admitted only in part counts as refused. Whether the cluster enforces policies is not known.
 */
export function admissionOf(
  policies: readonly NetworkPolicy[],
  pod: Pod,
  port: number,
  sources: readonly string[],
): Admission {
  const selecting = policies
    .filter(({ ref, podSelector, restrictsIngress }) => {
      return (
        restrictsIngress && ref.namespace === pod.ref.namespace && matchesSelector(podSelector, pod.labels)
      );
    })
    .sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
  if (selecting.length === 0) return { policies: [], refused: [] };
  const rules = selecting.flatMap(({ ingress }) => ingress).filter((rule) => admitsPort(rule, pod, port));
  return {
    policies: selecting,
    refused: sources.filter((source) => !rules.some((rule) => admitsSource(rule, source))),
  };
}

function admitsPort({ ports }: NetworkPolicyRule, pod: Pod, port: number): boolean {
  return ports === undefined || ports.some((allowed) => isPort(allowed, pod, port));
}

function isPort({ protocol, port: allowed, endPort }: NetworkPolicyPort, pod: Pod, port: number): boolean {
  if (protocol !== "TCP") return false;
  if (allowed === undefined) return true;
  if (typeof allowed === "number") return allowed <= port && port <= (endPort ?? allowed);
  return pod.containers.some(({ ports }) =>
    ports.some(({ name, containerPort }) => name === allowed && containerPort === port),
  );
}

function admitsSource({ from }: NetworkPolicyRule, source: string): boolean {
  if (from === undefined) return true;
  const wanted = parseCidr(source);
  if (wanted === undefined) return false;
  return from.some(({ cidr, except }) => {
    const block = parseCidr(cidr);
    if (block === undefined || !covers(block, wanted)) return false;
    return !except.some((one) => {
      const hole = parseCidr(one);
      return hole !== undefined && overlaps(hole, wanted);
    });
  });
}
