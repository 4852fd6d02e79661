import { defineRule } from "../../rule.ts";
import type { SyncCause } from "../../sync/causes.ts";
import { syncRank } from "../../sync/phase.ts";
import type { SyncError } from "../../sync-events.ts";
import type { Topology } from "../../topology.ts";

/** Causes without a rule of their own, shown in the controller's words. */
const SHOWN: ReadonlySet<SyncCause["kind"]> = new Set([
  "unrecognized",
  "resource-missing",
  "google-unavailable",
  "instance-group-missing",
  "address-invalid",
  "health-check-refused",
]);

/** Failures on Google's side that last less than this pass by themselves, in milliseconds. */
const PERSISTENT_MS = 15 * 60_000;

export default defineRule({
  code: "GID102",
  slug: "sync-error-unrecognized",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "backend-sync",
  // A rule that recognizes the mistake in the objects explains a text that nobody recognizes.
  consequence: true,
  reads: ["sync", "backends", "ingress", "now"],
  rows: [],
  summary: "The controller reports an error that no rule explains.",
  why: "The sync of an Ingress stops at its first error, and nothing behind it is built or changed. Google's wording differs between versions; an error that is not recognized is shown as it is.",
  fix: "Correct what the controller's message names; it retries by itself.",
  confirm: ["kubectl describe ingress INGRESS -n NAMESPACE"],
  sources: ["ingress-gce: pkg/sync/sync.go"],
  messages: {
    reported: "The controller reports an error on Ingress {ingress}: {text}.",
  },

  check(topology, report) {
    const { ingress, sync } = topology;
    if (ingress.deletedAt !== undefined || !report.knows(sync)) return;
    for (const error of sync.value.errors) {
      if (!isShown(error, topology)) continue;
      const severity = stopsSync(error, topology) ? "error" : "warning";
      report("reported", { subject: ingress.ref, severity }, { ingress: ingress.ref.name, text: error.text });
    }
  },
});

function isShown({ phase, cause, firstAt }: SyncError, { now, backends }: Topology): boolean {
  if (phase === "neg" || phase === "translation" || phase === "garbage-collection") return false;
  if (cause.kind === "google-unavailable" && !now.hasCome(firstAt + PERSISTENT_MS)) return false;
  // Numbers that Compute Engine refuses stand in a BackendConfig, where other rules compare them.
  if (cause.kind === "health-check-refused") {
    return !backends.some(({ backendConfig }) => backendConfig.known && backendConfig.value?.healthCheck);
  }
  return SHOWN.has(cause.kind);
}

/** An error that does not say where it happened stops the sync for sure only if nothing was ever built. */
function stopsSync({ phase, cause }: SyncError, { ingress }: Topology): boolean {
  if (cause.kind === "google-unavailable") return false;
  return phase === "sync" ? ingress.addresses.length === 0 : syncRank(phase) !== undefined;
}
