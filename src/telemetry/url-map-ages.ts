import { Gauge, type Registry } from "prom-client";
import type { OmittedSeries, OwnedSeries } from "./owned-series.ts";

/** Whether a live URL map carries its Ingress; `changedAt` is in epoch milliseconds. */
export interface UrlMapState {
  readonly isCurrent: boolean;
  readonly changedAt: number;
}

type Labels = Readonly<Record<"namespace" | "ingress", string>>;

/** How long the newest change of each Ingress has been waiting for the live URL map; grows between diagnoses. */
export class UrlMapAges {
  readonly #series: OwnedSeries<"namespace" | "ingress">;
  readonly #waiting = new Map<string, { readonly labels: Labels; readonly since: number }>();

  /** `now` answers epoch milliseconds. */
  constructor(registry: Registry, omitted: OmittedSeries, now: () => number) {
    const name = "ingress_doctor_url_map_pending_seconds";
    const waiting = this.#waiting;
    const gauge = new Gauge({
      name,
      help: "Seconds since the Ingress was changed, while its live URL map does not say the same; 0 once it does.",
      labelNames: ["namespace", "ingress"],
      registers: [registry],
      collect() {
        for (const { labels, since } of waiting.values()) this.set(labels, Math.max(0, now() - since) / 1000);
      },
    });
    this.#series = omitted.bound(name, gauge);
  }

  /** Replaces what is known of the Ingress `key`; undefined where nothing is. */
  replace(key: string, labels: Labels, state: UrlMapState | undefined): void {
    // Scrapes have set other values than the one that the series began with.
    if (this.#waiting.delete(key) || state === undefined) this.#series.remove(key);
    if (state === undefined) return;
    this.#series.replace(key, [{ labels, value: 0 }]);
    if (!state.isCurrent && this.#series.has(key)) this.#waiting.set(key, { labels, since: state.changedAt });
  }
}
