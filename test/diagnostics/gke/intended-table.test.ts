import { describe, expect, it } from "vitest";
import { intendedTable } from "../../../src/diagnostics/gke/intended-table.ts";
import { lookupIn } from "../../../src/diagnostics/gke/lookup.ts";
import { translateIngress } from "../../../src/diagnostics/gke/translate.ts";
import type { IngressRule } from "../../../src/model/ingress.ts";
import { known } from "../../../src/model/observed.ts";
import * as build from "../../support/builders.ts";

const { path, rule } = build;

/** Lines `host path field`, lost ones marked, of an Ingress in a namespace that holds Service `web` only. */
function intended(...rules: readonly IngressRule[]): string[] {
  const ingress = build.ingress({ rules });
  const translation = translateIngress(ingress, lookupIn(build.snapshot({ ingress })));
  return intendedTable(ingress, translation).hosts.flatMap(({ host, paths }) =>
    paths.map(({ path: text, target }) => {
      const place =
        target.origin.kind === "path" ? `${target.origin.ruleIndex}.${target.origin.pathIndex}` : "";
      return `${host} ${text} ${place}${"lost" in target ? " lost" : ""}`;
    }),
  );
}

describe("intendedTable", () => {
  it("is the translated table itself where nothing is lost", () => {
    const ingress = build.ingress();
    const translation = translateIngress(ingress, lookupIn(build.snapshot({ ingress })));
    expect(intendedTable(ingress, translation)).toBe(translation.table);
  });

  it("keeps the paths of a Service that does not exist", () => {
    expect(intended(rule("a.com", path("/"), path("/api", "gone")))).toEqual([
      "a.com /* 0.0",
      "a.com /api 0.1 lost",
      "a.com /api/* 0.1 lost",
    ]);
  });

  it("takes a path with a smaller error as the translation does", () => {
    const ingress = build.ingress();
    const annotations = build.service().annotations;
    const service = build.service({
      annotations: { ...annotations, "cloud.google.com/app-protocols": "no JSON" },
    });
    const snapshot = build.snapshot({ ingress, services: known([service]) });
    const translation = translateIngress(ingress, lookupIn(snapshot));
    expect(translation.errors).toMatchObject([{ kind: "app-protocols", kept: true }]);
    expect(intendedTable(ingress, translation)).toEqual(translation.table);
  });

  it("keeps a path that its type does not allow, as written", () => {
    expect(intended(rule("", path("/img/*"), path("", "web", { pathType: "Exact" })))).toEqual([
      "* /img/* 0.0 lost",
      "* /* 0.1 lost",
    ]);
  });

  it("keeps the path of a resource backend", () => {
    const backend = { kind: "resource", resourceKind: "StorageBucket", name: "b" } as const;
    expect(intended(rule("a.com", path("/b", "web", { backend })))).toEqual([
      "a.com /b 0.0 lost",
      "a.com /b/* 0.0 lost",
    ]);
  });

  it("lets the later of two equal paths stay, lost or not", () => {
    expect(intended(rule("a.com", path("/x"), path("/x", "gone")))).toEqual([
      "a.com /x 0.1 lost",
      "a.com /x/* 0.1 lost",
    ]);
    expect(intended(rule("a.com", path("/x", "gone"), path("/x")))).toEqual([
      "a.com /x 0.1",
      "a.com /x/* 0.1",
    ]);
  });

  it("leaves out the paths of a rule that a later rule for the same host replaces", () => {
    expect(intended(rule("a.com", path("/x", "gone")), rule("a.com", path("/y")))).toEqual([
      "a.com /y 1.0",
      "a.com /y/* 1.0",
    ]);
  });
});
