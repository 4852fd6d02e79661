import { describe, expect, it } from "vitest";
import { disagreements, expectationsOf, play, watched } from "./agreement.ts";
import { BROKEN, HEALTHY, staged } from "./scenario.ts";
import { requestsFor } from "./urls.ts";

describe("diagnosis and load balancer agree on every request", () => {
  it("in 40 scenarios or more", () => {
    expect(HEALTHY.length + BROKEN.length).toBeGreaterThanOrEqual(40);
  });

  it("with every kind of answer among them", () => {
    const answers = [...HEALTHY, ...BROKEN].flatMap((scenario) => {
      const { now } = staged(scenario);
      const expected = expectationsOf(watched(now));
      return now.cluster.all("Ingress").flatMap((ingress) => {
        const { explain } = expected.get(ingress.metadata.name) ?? {};
        return explain === undefined ? [] : requestsFor(ingress).map((request) => explain(request).answer);
      });
    });
    expect(answers.length).toBeGreaterThan(5000);
    expect(new Set(answers)).toEqual(new Set(["served", "404", "502", "503", "redirect", "none", "unknown"]));
  });

  it.each(HEALTHY)("healthy: $name", async (scenario) => {
    expect(await play(scenario, disagreements)).toEqual([]);
  });

  it.each(BROKEN)("broken: $name", async (scenario) => {
    expect(await play(scenario, disagreements)).toEqual([]);
  });
});
