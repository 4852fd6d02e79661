import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createProgram } from "../../src/cli/program.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { usage } from "../../src/config.ts";
import { CHART } from "./helm.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = globSync(["*.md", "docs/**/*.md", "examples/**/*.md", "charts/**/*.md"], {
  cwd: ROOT,
}).toSorted();

/** Flags of other programs that a sentence names. */
const FOREIGN_FLAGS = new Set(["--workload-metadata", "--set"]);

const textOf = (page: string) => readFileSync(join(ROOT, page), "utf8");

/** Without code blocks, in which brackets and `#` are no Markdown. */
function prose(text: string): string {
  return text.replaceAll(/^( *)(`{3,})[^\n]*\n[\s\S]*?^ *\2 *$/gm, "");
}

function codeBlocks(text: string): readonly string[] {
  return [...text.matchAll(/^ *(`{3,})[^\n]*\n([\s\S]*?)^ *\1 *$/gm)].map(([, , code = ""]) =>
    code.replaceAll(/\\\n/g, " "),
  );
}

function codeSpans(text: string): readonly string[] {
  return [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The names by which GitHub lets a page's headings be linked to; equal headings are numbered. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of prose(textOf(page)).matchAll(/^#{1,6} +(.+?)[ #]*$/gm)) {
    const shown = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = shown
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Why a relative link of a page leads nowhere; undefined where it leads somewhere. */
function problemOf(page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), decodeURI(path));
  if (target.startsWith("..")) return `${link}: outside of the repository`;
  if (!existsSync(join(ROOT, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined) return undefined;
  if (statSync(join(ROOT, target)).isDirectory()) return `${link}: a folder has no headings`;
  return anchorsOf(target).has(anchor) ? undefined : `${link}: ${target} has no such heading`;
}

function linksOf(page: string): readonly string[] {
  const links = [...prose(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

test("there are pages with links and headings to be looked at", () => {
  expect(PAGES).toContain("README.md");
  expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(100);
  expect(anchorsOf("docs/security.md")).toContain("permissions-in-the-cluster");
  expect(problemOf("README.md", "docs/security.md#nowhere")).toContain("no such heading");
  expect(problemOf("docs/security.md", "nothing.md")).toContain("there is no docs/nothing.md");
});

test.each(PAGES)("%s links to what exists", (page) => {
  expect(linksOf(page).flatMap((link) => problemOf(page, link) ?? [])).toEqual([]);
});

const controllerFlags = new Set(usage().match(/--[a-z-]+/g));

function optionsOf(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long, short }) => [long, short].filter((name) => name != null));
  return [...own, ...command.commands.flatMap(optionsOf)];
}

const SILENT: Terminal = {
  out: () => undefined,
  err: () => undefined,
  note: () => undefined,
  progress: () => undefined,
  draw: undefined,
  width: 80,
  paint: (_tone, text) => text,
};

const commandFlags = new Set([...optionsOf(createProgram(SILENT, () => undefined)), "--help", "-h"]);

const isControllerFlag = (flag: string) =>
  controllerFlags.has(flag) || controllerFlags.has(flag.replace("--no-", "--"));

/** Flags in sentences, of either program. */
function flagsInSentences(page: string): readonly string[] {
  const spans = codeSpans(textOf(page)).filter((code) => /^-[-a-zA-Z]/.test(code));
  return spans.flatMap((code) => code.match(/(?<=^| )--[a-z][a-z-]*/g) ?? []);
}

/** What stands behind the name of a program in code blocks, up to the end of the command. */
function argumentsOf(page: string, program: RegExp): readonly string[] {
  const texts = [...codeBlocks(textOf(page)), ...codeSpans(textOf(page))];
  const commands = texts.flatMap((code) => code.split(/\n|&&|\||;| #/));
  return commands.flatMap((command) => program.exec(command)?.[1]?.match(/(?<=\s)--?[a-zA-Z][a-z-]*/g) ?? []);
}

describe("flags", () => {
  test("of both programs are known here", () => {
    expect([...controllerFlags]).toContain("--lease-duration");
    expect([...commandFlags]).toEqual(expect.arrayContaining(["--give-up-after", "-A", "--google-project"]));
    expect(argumentsOf("docs/cli.md", /^\s*ingress-doctor(\s.*)/).length).toBeGreaterThan(10);
  });

  test.each(PAGES)("that %s names exist", (page) => {
    const named = flagsInSentences(page).filter((flag) => !FOREIGN_FLAGS.has(flag));
    const used = argumentsOf(page, /^\s*(?:\$ )?(?:kubectl )?ingress-doctor(\s.*)/);
    const ofController = argumentsOf(page, /dist\/main\.js(\s.*)/);
    expect(named.filter((flag) => !isControllerFlag(flag) && !commandFlags.has(flag))).toEqual([]);
    expect(used.filter((flag) => !commandFlags.has(flag))).toEqual([]);
    expect(ofController.filter((flag) => !isControllerFlag(flag))).toEqual([]);
  });
});

const values = parse(readFileSync(join(CHART, "values.yaml"), "utf8")) as Readonly<Record<string, unknown>>;

/** Whether the chart has a value at this path, or takes anything there. */
function isValue(path: string): boolean {
  let found: unknown = values;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null) return false;
    if (Array.isArray(found) || Object.keys(found).length === 0) return true;
    if (!(key in found)) return false;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return true;
}

/** Paths of values in sentences, recognised by their first name, and behind `--set`. */
function valuesOf(page: string): readonly string[] {
  const text = textOf(page);
  const named = codeSpans(text).flatMap((code) => /^([a-z]\w*(?:\.\w+)+)(?:=.*)?$/.exec(code)?.[1] ?? []);
  const set = [...codeBlocks(text), ...codeSpans(text)].flatMap((code) =>
    [...code.matchAll(/--set(?:-string|-json)? '?([\w.]+)/g)].map(([, path = ""]) => path),
  );
  return [...named.filter((path) => Object.hasOwn(values, path.split(".")[0] ?? "")), ...set];
}

describe("values of the chart", () => {
  test("are told from what is none", () => {
    expect(valuesOf("docs/install.md")).toContain("networkPolicy.googleApis.cidrs");
    expect(isValue("networkPolicy.googleApis.cidrs")).toBe(true);
    expect(isValue("networkPolicy.googleApi")).toBe(false);
  });

  test.each(PAGES)("that %s names exist", (page) => {
    expect(valuesOf(page).filter((path) => !isValue(path))).toEqual([]);
  });
});
