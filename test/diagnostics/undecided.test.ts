import { expect, test } from "vitest";
import { undecidedQuestions } from "../../src/diagnostics/undecided.ts";
import { unknown } from "../../src/model/observed.ts";

test("everything that one source lacks for one reason is named, once", () => {
  const forbidden = (permission: string) => unknown("loadBalancer", "forbidden", `role with ${permission}`);
  const lacking = [
    forbidden("compute.firewalls.list"),
    forbidden("compute.urlMaps.list"),
    forbidden("compute.firewalls.list"),
    unknown("loadBalancer", "failed", "an answer of Google"),
    unknown("pods", "forbidden", "list pods"),
  ];
  expect(undecidedQuestions(lacking).map(({ reason, needs }) => [reason, needs])).toEqual([
    ["forbidden", "list pods"],
    ["forbidden", "role with compute.firewalls.list; role with compute.urlMaps.list"],
  ]);
});
