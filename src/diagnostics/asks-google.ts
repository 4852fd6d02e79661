import type { Snapshot } from "../model/snapshot.ts";
import { buildTopology } from "./build-topology.ts";
import { RULES } from "./registry.ts";
import { runRule } from "./report.ts";
import type { Topology } from "./topology.ts";

/**
 * Whether the rule of a code asks for Google's word when it judges a snapshot: for the live load balancer, or for
 * the health of a backend. What it finds without that word it may not find with it.
 */
export function asksGoogle(code: string, snapshot: Snapshot): boolean {
  const rule = RULES.find((one) => one.code === code);
  if (rule === undefined) return false;
  const topology = buildTopology(snapshot);
  let isAsked = false;
  const note = () => {
    isAsked = true;
  };
  const backends = topology.backends.map((backend) => noting(backend, "reportedHealth", note));
  runRule(rule, noting<Topology>({ ...topology, backends }, "loadBalancer", note));
  return isAsked;
}

/** A copy of `object` that calls `note` whenever its member `key` is read. */
function noting<T extends object>(object: T, key: keyof T, note: () => void): T {
  const value = object[key];
  const get = () => {
    note();
    return value;
  };
  return Object.defineProperty({ ...object }, key, { get, enumerable: true });
}
