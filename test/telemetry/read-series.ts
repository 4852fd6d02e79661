import type { Metrics } from "../../src/telemetry/metrics.ts";

/** The series of one metric as a scrape shows them, without its name. */
export async function readSeries(metrics: Metrics, name: string): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length));
}
