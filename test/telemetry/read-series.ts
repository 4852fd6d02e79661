import type { Metrics } from "../../src/telemetry/metrics.ts";

/** The series of one metric as a scrape shows them, without its name. */
export async function readSeries(metrics: Metrics, name: string): Promise<string[]> {
  return seriesIn(await metrics.registry.metrics(), name);
}

/** The series of one metric in a scrape, without its name. */
export function seriesIn(scrape: string, name: string): string[] {
  return scrape
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length));
}
