import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { build, type Metafile } from "esbuild";
import { libraryPlugins } from "./build-libraries.ts";
import { thirdPartyNotices } from "./build-notices.ts";

const ROOT = join(import.meta.dirname, "..");

/** What Node starts; everything else of a build is loaded by these. */
const ENTRY_POINTS = { main: "src/main.ts", "cli/main": "src/cli/main.ts" };

/** What kubectl looks for in PATH; it starts the command line. */
const KUBECTL_PLUGIN = "src/cli/kubectl-ingress_doctor";

/** Libraries in CommonJS ask for built-in modules with `require`, which an ES module does not have. */
const BANNER =
  'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);';

/** A file of a build, by its path below the output folder. */
export interface BuiltFile {
  readonly path: string;
  readonly contents: Uint8Array | string;
  readonly executable: boolean;
}

/**
 * Bundles the controller and the command line as ES modules, with what both share in `chunks/`.
 *
 * What is imported dynamically becomes a chunk of its own and costs nothing until then. The same sources give the
 * same bytes wherever they lie.
 */
export async function bundle(): Promise<readonly BuiltFile[]> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRY_POINTS,
    // Nothing is written there: paths inside the output are relative to it.
    outdir: "dist",
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    preserveSymlinks: true,
    format: "esm",
    platform: "node",
    target: "node24",
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: BANNER },
    // Names stay: a stack trace without a source map must still say where.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    plugins: libraryPlugins(ROOT),
    logLevel: "warning",
  });
  const code = outputFiles.map(({ path, contents }) => ({
    path: relative(join(ROOT, "dist"), path),
    contents,
    executable: isEntryPoint(metafile, relative(ROOT, path)),
  }));
  return [
    ...code,
    { path: basename(KUBECTL_PLUGIN), contents: readFileSync(join(ROOT, KUBECTL_PLUGIN)), executable: true },
    { path: "package.json", contents: packageJson(), executable: false },
    { path: "THIRD_PARTY_NOTICES", contents: thirdPartyNotices(ROOT, metafile), executable: false },
  ];
}

function isEntryPoint({ outputs }: Metafile, path: string): boolean {
  const entry = outputs[path]?.entryPoint;
  return entry !== undefined && (Object.values(ENTRY_POINTS) as string[]).includes(entry);
}

/** Tells Node that the files are ES modules, wherever the folder is put. */
function packageJson(): string {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return `${JSON.stringify({ name, version, license, type: "module", private: true }, undefined, 2)}\n`;
}
