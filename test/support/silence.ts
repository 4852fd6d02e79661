import type { Logger } from "../../src/reconciler/ports.ts";
import type { QueueMetrics } from "../../src/reconciler/queue.ts";
import type { ReconcileMetrics } from "../../src/reconciler/reconcile-metrics.ts";

const nothing = () => {};

/** A log that nobody reads. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Queue metrics that nobody scrapes. */
export const silentQueueMetrics: QueueMetrics = {
  added: nothing,
  retried: nothing,
  depthChanged: nothing,
  started: nothing,
  finished: nothing,
};

/** Reconcile metrics that nobody scrapes. */
export const silentReconcileMetrics: ReconcileMetrics = {
  reconciled: nothing,
  engineFailed: nothing,
  diagnosed: nothing,
  published: nothing,
  forgotten: nothing,
  written: nothing,
  eventSent: nothing,
};
