import type { ObjectRef, StringMap } from "../model/refs.ts";
import type { Service } from "../model/service.ts";
import { matchesLabels } from "./gke/selector.ts";

/**
 * Objects by namespace and label, for the selectors of many Services.
 *
 * Only labels that a selector begins with are indexed, each when it is first asked for.
 */
export class LabelIndex<T extends { readonly ref: ObjectRef }> {
  readonly #objects: readonly T[];
  readonly #labelsOf: (object: T) => StringMap;
  readonly #byLabel = new Map<string, ReadonlyMap<string | undefined, readonly T[]>>();

  constructor(objects: readonly T[], labelsOf: (object: T) => StringMap) {
    this.#objects = objects;
    this.#labelsOf = labelsOf;
  }

  /** What a Service selects, in the order of the objects; nothing without a Service or selector. */
  selectedBy(service: Service | undefined): readonly T[] {
    if (service?.selector === undefined) return [];
    const { selector, ref } = service;
    return this.#candidates(selector).filter(
      (object) => object.ref.namespace === ref.namespace && matchesLabels(selector, this.#labelsOf(object)),
    );
  }

  #candidates(selector: StringMap): readonly T[] {
    for (const key in selector) return this.#withLabel(key).get(selector[key]) ?? [];
    return this.#objects;
  }

  #withLabel(key: string): ReadonlyMap<string | undefined, readonly T[]> {
    let byValue = this.#byLabel.get(key);
    if (byValue === undefined) {
      byValue = Map.groupBy(this.#objects, (object) => this.#labelsOf(object)[key]);
      this.#byLabel.set(key, byValue);
    }
    return byValue;
  }
}
