import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type BuildOptions, buildSync } from "esbuild";
import { type Generator, ROOT } from "./generator.ts";

const SOURCE = "src/report/page";
const TARGET = "src/report/page-assets.ts";

/**
 * Style and script of the HTML report, with the digests by which its policy allows them.
 *
 * The script is bundled from TypeScript, the engine's URL matching included: the page has no second one.
 */
export const pageAssets: Generator = {
  name: "page assets",
  outputs: () => new Map([[TARGET, render({ script: script(), style: style() })]]),
};

function script(): string {
  return bundled("main.ts", {
    format: "iife",
    platform: "browser",
    // So that the text stands in a template literal as it is.
    supported: { "template-literal": false },
  });
}

function style(): string {
  return bundled("report.css", {});
}

function bundled(file: string, options: BuildOptions): string {
  const { outputFiles = [] } = buildSync({
    ...options,
    entryPoints: [fileURLToPath(new URL(`${SOURCE}/${file}`, ROOT))],
    bundle: true,
    minify: true,
    charset: "ascii",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  return (outputFiles[0]?.text ?? "").trim();
}

function render(assets: { readonly script: string; readonly style: string }): string {
  for (const [name, text] of Object.entries(assets)) {
    const found = /`|\$\{|<\/(script|style)|<!--|[^\n -~]/i.exec(text)?.[0];
    if (found !== undefined)
      throw new Error(`${SOURCE}: the ${name} holds ${found}, which would end it early`);
  }
  return `// Generated from ${SOURCE} by \`npm run gen\`; do not edit.

/** Script of every page: search, copy buttons, theme, and the engine's URL matching. */
export const PAGE_SCRIPT = ${literal(assets.script)};

/** Style sheet of every page. */
export const PAGE_STYLE = ${literal(assets.style)};

/** Source expression of a Content Security Policy that allows {@link PAGE_SCRIPT}. */
export const SCRIPT_DIGEST = "${digest(assets.script)}";

/** Source expression of a Content Security Policy that allows {@link PAGE_STYLE}. */
export const STYLE_DIGEST = "${digest(assets.style)}";
`;
}

function literal(text: string): string {
  return `${text.includes("\\") ? "String.raw" : ""}\`${text}\``;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
