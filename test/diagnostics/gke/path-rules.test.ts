import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandPath } from "../../../src/diagnostics/gke/path-rules.ts";
import { coversPath } from "../../../src/diagnostics/gke/url-index.ts";

function paths(path: string, pathType?: string): readonly string[] | string {
  const expansion = expandPath(pathType === undefined ? { path } : { path, pathType });
  if (expansion.ok) return expansion.paths;
  const { error } = expansion;
  return error.kind === "path-type" ? `${error.problem}: ${error.object} (${error.pathType})` : error.kind;
}

describe("ImplementationSpecific and no type", () => {
  it.each(["ImplementationSpecific", undefined])("pass the path on as written (%s)", (type) => {
    for (const path of ["/", "/foo", "/foo/", "/foo/*", "/foo*", "/a*b", "*", "foo", "/**"]) {
      expect(paths(path, type)).toEqual([path]);
    }
    expect(paths("", type)).toEqual(["/*"]);
  });
});

describe("Exact", () => {
  it("passes the path on, without wildcards", () => {
    expect(paths("/", "Exact")).toEqual(["/"]);
    expect(paths("/foo/", "Exact")).toEqual(["/foo/"]);
    expect(paths("/foo/*", "Exact")).toBe("wildcard: /foo/* (Exact)");
    expect(paths("", "Exact")).toBe("empty-path:  (Exact)");
  });
});

describe("Prefix", () => {
  it.each([
    ["/", ["/*"]],
    ["/foo", ["/foo", "/foo/*"]],
    ["/foo/", ["/foo", "/foo/*"]],
    ["/foo/bar", ["/foo/bar", "/foo/bar/*"]],
    ["//", ["/", "//*"]],
    ["/foo//", ["/foo/", "/foo//*"]],
    ["/*", "wildcard: /* (Prefix)"],
    ["/a*b", "wildcard: /a*b (Prefix)"],
    ["", "empty-path:  (Prefix)"],
  ])("%j becomes %j", (path, expanded) => {
    expect(paths(path, "Prefix")).toEqual(expanded);
  });

  it("covers what Kubernetes says a prefix covers: whole path elements", () => {
    const element = fc.stringMatching(/^[a-z0-9._-]{1,4}$/);
    const path = fc.array(element, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(path, path, fc.boolean(), (prefix, asked, slash) => {
        const rules = paths(slash ? `${prefix}/` : prefix, "Prefix");
        if (typeof rules === "string") throw new Error(rules);
        const covered = rules.some((rule) => coversPath(rule, asked));
        expect(covered).toBe(asked === prefix || asked.startsWith(`${prefix}/`));
        expect(rules.some((rule) => coversPath(rule, `${prefix}/`))).toBe(true);
        expect(rules.some((rule) => coversPath(rule, `${prefix}x`))).toBe(false);
      }),
    );
  });
});

describe("another type", () => {
  it("is refused by its name", () => {
    expect(paths("/foo", "exact")).toBe("unsupported-type: exact (exact)");
    expect(paths("", "")).toBe("unsupported-type:  ()");
  });
});
