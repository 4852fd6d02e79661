import { describe, expect, it } from "vitest";
import { momentOf } from "../../src/diagnostics/moment.ts";
import { CHANGE_WINDOW_MS, CREATION_WINDOW_MS, settlingOf } from "../../src/diagnostics/settling.ts";
import { ingress, LONG_AGO, NOW } from "../support/builders.ts";

describe("the propagation window", () => {
  it("is closed long after the last change", () => {
    expect(settlingOf(momentOf(NOW), ingress(), []).open).toBe(false);
  });

  it("stays open for the whole creation window", () => {
    const createdAt = NOW - CREATION_WINDOW_MS + 1;
    expect(settlingOf(momentOf(NOW), ingress({ createdAt, changedAt: createdAt }), [])).toEqual({
      open: true,
      until: NOW + 1,
      changedAt: createdAt,
      because: "creation",
    });
    expect(settlingOf(momentOf(NOW + 1), ingress({ createdAt, changedAt: createdAt }), []).open).toBe(false);
  });

  it("opens with a change of the Ingress or of what it depends on", () => {
    const changedAt = NOW - 1000;
    const own = settlingOf(momentOf(NOW), ingress({ changedAt }), []);
    const dependency = settlingOf(momentOf(NOW), ingress(), [{ changedAt: LONG_AGO }, { changedAt }]);
    expect(own).toEqual({ open: true, until: changedAt + CHANGE_WINDOW_MS, changedAt, because: "change" });
    expect(dependency).toEqual(own);
  });

  it("closes even if a writer's clock runs ahead", () => {
    const { until, changedAt } = settlingOf(momentOf(NOW), ingress({ changedAt: NOW + 3_600_000 }), []);
    expect(changedAt).toBe(NOW);
    expect(until).toBe(NOW + CHANGE_WINDOW_MS);
  });
});
