import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesLabels } from "../../src/diagnostics/gke/selector.ts";
import { LabelIndex } from "../../src/diagnostics/label-index.ts";
import type { Pod } from "../../src/model/pod.ts";
import { type StringMap, stringMap } from "../../src/model/refs.ts";
import type { Service } from "../../src/model/service.ts";
import { pod, service } from "../support/builders.ts";

const labels: fc.Arbitrary<StringMap> = fc
  .dictionary(fc.constantFrom("app", "tier", "__proto__"), fc.constantFrom("a", "b", ""), { maxKeys: 3 })
  .map(stringMap);
const namespace = fc.constantFrom("shop", "other");
const pods = fc
  .array(fc.record({ labels, namespace }), { maxLength: 8 })
  .map((all): readonly Pod[] => all.map((one, index) => podIn(one.namespace, index, one.labels)));
const services = fc.array(
  fc
    .record({ selector: labels, namespace })
    .map(({ selector, namespace }) => serviceIn(namespace, { selector })),
  { minLength: 1, maxLength: 5 },
);

function podIn(namespace: string, index: number, labels: StringMap): Pod {
  const plain = pod(index, { labels });
  return { ...plain, ref: { ...plain.ref, namespace } };
}

function serviceIn(namespace: string, changes: Partial<Service>): Service {
  const plain = service(changes);
  return { ...plain, ref: { ...plain.ref, namespace } };
}

describe("label index", () => {
  it("selects what trying the selector on every object of the namespace selects, in the same order", () => {
    fc.assert(
      fc.property(pods, services, (all, askers) => {
        const index = new LabelIndex(all, (one) => one.labels);
        for (const asker of askers) {
          const tried = all.filter(
            ({ ref, labels }) =>
              ref.namespace === asker.ref.namespace && matchesLabels(asker.selector ?? stringMap({}), labels),
          );
          expect(index.selectedBy(asker)).toEqual(tried);
        }
      }),
    );
  });

  it("selects nothing without a Service, and nothing for one without a selector", () => {
    const index = new LabelIndex([pod(1)], ({ labels }) => labels);
    expect(index.selectedBy(service())).toHaveLength(1);
    expect(index.selectedBy(service({ selector: undefined }))).toEqual([]);
    expect(index.selectedBy(undefined)).toEqual([]);
  });
});
