import { expect, it } from "vitest";
import { describeWithShared, sharedPath } from "../support/shared.ts";
import { compareAll } from "./compare.ts";
import { readTranslations } from "./recorded-translation.ts";

describeWithShared("agreement with the real translator", () => {
  it("gives the same URL map and the same errors on every recorded Ingress", () => {
    const lines = readTranslations(sharedPath("data", "urlmap-translations.jsonl.gz"));
    const agreement = compareAll(lines);
    expect(agreement.differences).toEqual([]);
    expect(agreement).toMatchObject({ lines: 400, urlMapAgrees: 400, errorsAgree: 400, agree: 400 });
  });
});
