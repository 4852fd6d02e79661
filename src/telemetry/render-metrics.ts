import { setImmediate } from "node:timers/promises";
import type { Registry } from "prom-client";

/**
 * All metrics in the text format of Prometheus, one metric at a time with a turn of the event loop in between: ten
 * thousand series of one metric take tens of milliseconds, and nothing else may wait for all metrics together.
 */
export async function renderMetrics(registry: Registry): Promise<string> {
  const parts: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    parts.push(await registry.getSingleMetricAsString(name));
    await setImmediate();
  }
  return `${parts.join("\n\n")}\n`;
}
