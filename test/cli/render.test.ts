import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderJson, renderYaml, resourceList } from "../../src/cli/render/data.ts";
import { renderJunit } from "../../src/cli/render/junit.ts";
import { columns, labelled, wrapped } from "../../src/cli/render/layout.ts";
import { renderMarkdown } from "../../src/cli/render/markdown.ts";
import { renderSarif } from "../../src/cli/render/sarif.ts";
import { renderText } from "../../src/cli/render/text.ts";
import { exitCodeOf, type Report } from "../../src/cli/report.ts";
import { type Paint, plain, processTerminal } from "../../src/cli/terminal.ts";
import { schemaProblems } from "../support/schema-problems.ts";
import { documents, ingressYaml, reportOnManifests, serviceYaml } from "./inventories.ts";

const HOSTILE = "'we|b`<b>&]]>'";

/** One Ingress that is broken by a missing Service, and one without fault. */
const report: Report = reportOnManifests(
  documents(
    ingressYaml("reviews", "review"),
    serviceYaml("reviews"),
    ingressYaml("shop", "shop"),
    serviceYaml("shop"),
  ),
);

const hostile: Report = reportOnManifests(documents(ingressYaml("web", HOSTILE), serviceYaml("web")));

const CRD = parse(
  readFileSync(
    join(import.meta.dirname, "../../deploy/crds/ingressdiagnoses.ingressdoctor.dev.yaml"),
    "utf8",
  ),
);

describe("text", () => {
  const text = renderText(report, { width: 72, paint: plain, hints: false });

  test("shows cause, fix with its command, routes and what is open", () => {
    expect(text).toMatch(/^shop\/reviews: Broken \(no-address\) {2}app\.yaml:1\n {2}Cause: {2}spec\.rules/);
    expect(text).toContain("[GID401");
    expect(text).toMatch(/\n {2}Fix: {4}Name Service reviews instead of review\.\n {10}\$ kubectl patch /);
    expect(text).toMatch(/\n {4}reviews\.example\.com\/ {2}review:80 {2}none {2}GID401\n/);
    expect(text).toMatch(/\nUndecided:\n {2}- /);
    expect(text).toMatch(/\n2 Ingresses: 1 Broken, 1 Unknown;.*\n$/);
  });

  test("keeps to the width, but for commands, which are made to be copied", () => {
    const long = text.split("\n").filter((line) => line.length > 72);
    expect(long.length).toBeGreaterThan(0);
    expect(long.filter((line) => !line.trim().startsWith("$ "))).toEqual([]);
  });

  test("colours by meaning, and only through paint", () => {
    const paint: Paint = (tone, part) => `<${tone}>${part}</${tone}>`;
    const painted = renderText(report, { width: 72, paint, hints: false });
    expect(painted).toContain("<bad>Broken (no-address)</bad>");
    expect(painted.replace(/<\/?(good|bad|warning|unsure|quiet|strong)>/g, "")).toBe(text);
  });

  test("hints are shown when asked for", () => {
    expect(renderText(report, { width: 72, paint: plain, hints: true })).toMatch(/Hints:\n {4}info GID\d+/);
    expect(text).not.toContain("Hints:");
  });
});

describe("json and yaml", () => {
  test("are the resources that the controller writes, by their schema", () => {
    const schema = CRD.spec.versions[0].schema.openAPIV3Schema.properties.status;
    const { items } = JSON.parse(renderJson(resourceList(report)));
    expect(items).toHaveLength(2);
    for (const { apiVersion, kind, status } of items) {
      expect(apiVersion).toBe(`${CRD.spec.group}/${CRD.spec.versions[0].name}`);
      expect(kind).toBe(CRD.spec.names.kind);
      expect(schemaProblems(schema, status)).toEqual([]);
    }
  });

  test("say the same, and escape what a terminal may obey", () => {
    const value = { text: "a\u009bb\u202ec\u001bd\ufeff" };
    expect(JSON.parse(renderJson(value))).toEqual(value);
    for (const written of [renderJson(value), renderYaml(value)]) {
      expect(written.replaceAll("\n", "")).toMatch(/^[\u0020-\u007e]+$/);
      expect(parse(written)).toEqual(value);
    }
    expect(parse(renderYaml(resourceList(report)))).toEqual(JSON.parse(renderJson(resourceList(report))));
  });
});

describe("sarif", () => {
  const { version, runs } = JSON.parse(renderSarif(report));

  test("has one run whose results name their rules, levels and places", () => {
    expect(version).toBe("2.1.0");
    expect(runs).toHaveLength(1);
    const [{ tool, results }] = runs;
    const ids = tool.driver.rules.map((rule: { id: string }) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(results.length).toBeGreaterThan(0);
    for (const { ruleId, level, message, locations } of results) {
      expect(ids).toContain(ruleId);
      expect(["error", "warning", "note"]).toContain(level);
      expect(message.text).not.toBe("");
      expect(locations).toHaveLength(1);
    }
    expect(results[0]).toMatchObject({
      ruleId: "GID401",
      level: "error",
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "app.yaml" }, region: { startLine: 1 } },
          logicalLocations: [{ fullyQualifiedName: "Ingress/shop/reviews#spec.rules[0].http.paths[0]" }],
        },
      ],
    });
  });
});

describe("junit", () => {
  test("counts what it holds and escapes foreign text", () => {
    const xml = renderJunit(hostile);
    expect(xml).toContain("we|b`&lt;b&gt;&amp;]]&gt;");
    expect(tags(xml)).toEqual(["testsuites", "testsuite", "testcase", "failure"]);
    expect(renderJunit(report)).toContain('tests="2" failures="1" errors="0" skipped="1"');
    expect(tags(renderJunit(report)).filter((tag) => tag === "testcase")).toHaveLength(2);
  });
});

describe("markdown", () => {
  test("has a row for each Ingress, and no markup of foreign text", () => {
    const rows = renderMarkdown(report)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map((row) => row.split("|").length))).toEqual(new Set([7]));
    const prose = renderMarkdown(hostile).replace(/(`{3,})[\s\S]*?\n\1/g, "");
    expect(prose).not.toMatch(/(?<!\\)[<`]/);
  });
});

describe("exit codes", () => {
  const [broken, open] = report.items.map((item) => ({ ...report, items: [item] }));
  test("0 without findings, 1 with them, 2 where a cluster left it open", () => {
    if (broken === undefined || open === undefined) throw new Error("two items");
    expect(exitCodeOf(broken, "error")).toBe(1);
    expect(exitCodeOf(open, "warning")).toBe(0);
    expect(exitCodeOf({ ...open, origin: "cluster" }, "error")).toBe(2);
  });
});

describe("the terminal", () => {
  const stream = (isTTY: boolean, columns?: number) => {
    const written: string[] = [];
    return { isTTY, columns, written, write: (text: string) => written.push(text) };
  };
  const at = (isTTY: boolean, env: object = {}, columns = 80) => {
    const [stdout, stderr] = [stream(isTTY, columns), stream(isTTY, columns)];
    return { terminal: processTerminal({ stdout, stderr, env } as never), stderr };
  };

  test("colours on a terminal only, and not with NO_COLOR or TERM=dumb", () => {
    expect(at(true).terminal.paint("bad", "x")).toBe("\u001b[31mx\u001b[39m");
    for (const [isTTY, env] of [[false], [true, { NO_COLOR: "1" }], [true, { TERM: "dumb" }]] as const) {
      expect(at(isTTY, env).terminal.paint("bad", "x")).toBe("x");
    }
  });

  test("shows progress on a terminal only", () => {
    for (const [isTTY, lines] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const { terminal, stderr } = at(isTTY);
      terminal.progress("Reading");
      expect(stderr.written).toHaveLength(lines);
    }
  });

  test("keeps its width within what is readable", () => {
    expect([20, 80, 300].map((columns) => at(true, {}, columns).terminal.width)).toEqual([40, 80, 120]);
  });
});

describe("layout", () => {
  test("breaks between words, and leaves long words whole", () => {
    expect(wrapped("aa bb cccccccc d", 5)).toEqual(["aa bb", "cccccccc", "d"]);
    expect(labelled("- ", "one two three", 22)).toEqual(["- one two three"]);
  });

  test("aligns columns and wraps the last one", () => {
    expect(
      columns(
        [
          ["a", "bbb", "one two"],
          ["aaaa", "b", ""],
        ],
        80,
      ),
    ).toEqual(["a     bbb  one two", "aaaa  b"]);
  });
});

/** Names of the elements in the order in which they open; throws where they do not nest. */
function tags(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, close, name = "", , alone] of xml.matchAll(
    /<(\/?)([a-z-]+)((?:\s[a-z]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (close === "/") {
      if (open.pop() !== name) throw new Error(`${name} closes what is not open`);
      continue;
    }
    seen.push(name);
    if (alone !== "/") open.push(name);
  }
  if (open.length > 0) throw new Error(`${open} stays open`);
  return seen;
}
