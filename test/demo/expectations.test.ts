import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../src/diagnostics/registry.ts";
import { reasonOf } from "../../src/diagnostics/rule.ts";
import { parseManifests } from "../controlplane/manifests.ts";
import { differences, EXPECTATIONS, type StoredDiagnosis } from "./expectations.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const read = (file: string) => readFileSync(join(EXAMPLES, file), "utf8");

describe("the examples", () => {
  it("are all expected", () => {
    const files = readdirSync(EXAMPLES).filter((name) => name.endsWith(".yaml"));
    expect(EXPECTATIONS.map(({ file }) => file)).toEqual(files.sort());
  });

  it.each(EXPECTATIONS.map((expectation) => [expectation.file, expectation] as const))(
    "%s has its row in the README",
    (file, { ingress, cause }) => {
      const names = parseManifests(read(file)).flatMap(({ kind, metadata }) =>
        kind === "Ingress" ? [metadata.name] : [],
      );
      expect(names).toEqual([ingress]);
      const row = read("README.md")
        .split("\n")
        .find((line) => line.includes(`(${file})`));
      expect(row).toContain(`\`${ingress}\``);
      expect(row).toContain(cause === undefined ? "| none | |" : `| \`${reasonOfRule(cause)}\` | ${cause} |`);
    },
  );
});

describe("differences", () => {
  const shop: StoredDiagnosis = {
    metadata: { name: "shop" },
    status: { verdict: "Healthy", symptom: "none", summary: "", findings: [] },
  };
  const wanted = { file: "", ingress: "shop", verdict: "Healthy", symptom: "none", cause: undefined };

  it("are none where everything is as expected", () => {
    expect(differences([wanted], [shop])).toEqual([]);
  });

  it("name what is missing and what is other than expected", () => {
    expect(differences([{ ...wanted, ingress: "cart" }], [shop])).toEqual(["cart: there is no diagnosis"]);
    expect(differences([{ ...wanted, verdict: "Broken", symptom: "502", cause: "GID501" }], [shop])).toEqual([
      "shop: Healthy, none, no cause; expected Broken, 502, GID501",
    ]);
  });
});

/** What the demo's table says for a rule. */
function reasonOfRule(code: string): string | undefined {
  const rule = RULES.find((one) => one.code === code);
  return rule && reasonOf(rule.slug);
}
