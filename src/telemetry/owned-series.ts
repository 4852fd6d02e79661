import { Gauge, type Registry } from "prom-client";

/** Series of one metric; a scrape of many more would be felt by everybody. */
export const MAX_SERIES = 10_000;

/** One series of a gauge whose label names are `L`. */
export interface Series<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

/**
 * A gauge whose series belong to owners, such as Ingresses; what one owner has is replaced and removed as one set.
 *
 * Beyond {@link MAX_SERIES} an owner's whole set is left out, so that no sum is ever half of one; it comes in when
 * it is replaced after others have left.
 */
export class OwnedSeries<L extends string> {
  readonly #gauge: Gauge<L>;
  readonly #countOmitted: (series: number) => void;
  readonly #exported = new Map<string, readonly Series<L>[]>();
  /** Series that each owner lacks. */
  readonly #omitted = new Map<string, number>();
  #size = 0;
  #omittedSize = 0;

  /** Use {@link OmittedSeries.bound}. */
  constructor(gauge: Gauge<L>, countOmitted: (series: number) => void) {
    this.#gauge = gauge;
    this.#countOmitted = countOmitted;
  }

  /** Whether series of the owner are exported. */
  has(owner: string): boolean {
    return this.#exported.has(owner);
  }

  /** Makes `series` all that the owner has. Nobody else may have a series of these labels. */
  replace(owner: string, series: readonly Series<L>[]): void {
    const before = this.#exported.get(owner);
    if (before !== undefined && isSame(before, series)) return;
    this.remove(owner);
    if (this.#size + series.length > MAX_SERIES) {
      this.#omit(owner, series.length);
      return;
    }
    if (series.length === 0) return;
    this.#exported.set(owner, series);
    this.#size += series.length;
    for (const { labels, value } of series) this.#gauge.set(labels, value);
  }

  /** Removes all that the owner has. */
  remove(owner: string): void {
    if (this.#omitted.has(owner)) this.#omit(owner, 0);
    const series = this.#exported.get(owner);
    if (series === undefined) return;
    this.#exported.delete(owner);
    this.#size -= series.length;
    for (const { labels } of series) this.#gauge.remove(labels);
  }

  #omit(owner: string, series: number): void {
    this.#omittedSize += series - (this.#omitted.get(owner) ?? 0);
    if (series === 0) this.#omitted.delete(owner);
    else this.#omitted.set(owner, series);
    this.#countOmitted(this.#omittedSize);
  }
}

/** Says how many series each bounded metric leaves out. */
export class OmittedSeries {
  readonly #gauge: Gauge<"metric">;

  constructor(registry: Registry) {
    this.#gauge = new Gauge({
      name: "ingress_doctor_omitted_series",
      help: `Series that a metric leaves out because it has ${MAX_SERIES} others.`,
      labelNames: ["metric"],
      registers: [registry],
    });
  }

  /** Bounds a gauge, which must have no series yet; `metric` is its name. */
  bound<L extends string>(metric: string, gauge: Gauge<L>): OwnedSeries<L> {
    this.#gauge.set({ metric }, 0);
    return new OwnedSeries(gauge, (series) => this.#gauge.set({ metric }, series));
  }
}

function isSame<L extends string>(a: readonly Series<L>[], b: readonly Series<L>[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
