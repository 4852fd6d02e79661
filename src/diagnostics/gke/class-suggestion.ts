import { nearest } from "../nearest.ts";
import type { IngressOwnership } from "./ingress-class.ts";

/** Classes that make GKE build a load balancer. */
const GKE_CLASSES = ["gce", "gce-internal", "gce-regional-external"] as const;

/** Values seen in manifests that mean one of GKE's classes, without being spelt like it. */
const COMMON_SLIPS: ReadonlyMap<string, string> = new Map([
  ["gke", "gce"],
  ["gke-l7", "gce"],
  ["glbc", "gce"],
  ["gclb", "gce"],
  ["gcp", "gce"],
  ["google", "gce"],
  ["gce-external", "gce"],
  ["gke-external", "gce"],
  ["gce-global", "gce"],
  ["gke-internal", "gce-internal"],
  ["gce-private", "gce-internal"],
  ["gcp-internal", "gce-internal"],
]);

/** GKE's class that an ignored class was probably meant to be; undefined when none is near. */
export function suggestedClass(ownership: IngressOwnership): string | undefined {
  if (ownership.kind !== "ignored") return undefined;
  const { value, meant, likelyOwner } = ownership;
  if (meant !== undefined) return meant;
  if (likelyOwner !== undefined) return undefined;
  const folded = value.trim().toLowerCase();
  if (GKE_CLASSES.some((name) => name === folded)) return folded;
  return COMMON_SLIPS.get(folded) ?? nearest(GKE_CLASSES, value)[0];
}
