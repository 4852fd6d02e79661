import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

const TITLE = `Ingress Doctor is distributed together with parts of the packages below. Each list of packages is
followed by the licence that covers them. Where a package is reduced to what is used, its sources are otherwise
unchanged; the description of Google's Compute API is reduced to the services and reads that are used.
`;

const LICENCE_FILE = /^(?:licen[cs]e|notice|copying)/i;

/** Names, versions and licence texts of every package that a bundle holds code of, packages of one text together. */
export function thirdPartyNotices(root: string, { outputs }: Metafile): string {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
  const folders = new Set(inputs.flatMap((path) => packageFolder(path) ?? []));
  const byText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { title, text } = noticeOf(join(root, folder));
    byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const parts = [...byText].map(([text, titles]) => `${titles.join("\n")}\n\n${text}\n`);
  return [TITLE, ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/** Folder of the package that a module belongs to; undefined for a module of our own, and for what a plugin wrote. */
function packageFolder(path: string): string | undefined {
  return /^[^:]*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function noticeOf(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${name} names no licence: it cannot be shipped`);
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return {
    title: `${name} ${version} (${license})`,
    text: texts.map((text) => text.replaceAll("\r\n", "\n")).join("\n\n") || `Licence: ${license}`,
  };
}
