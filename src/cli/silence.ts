import type { AdapterMetrics, Logger } from "../reconciler/ports.ts";

/** A command keeps no metrics. */
export const NO_METRICS: AdapterMetrics = {
  requestFinished: () => {},
  requestDelayed: () => {},
  watchEnded: () => {},
  listed: () => {},
};

/** A command says what matters in its output, and keeps no log. */
export const NO_LOG: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
