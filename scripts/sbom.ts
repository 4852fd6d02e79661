import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes what the image ships as CycloneDX: the packages that the bundle is made of, and Node.
 *
 * npm's own list, without what only development needs and without time and serial number, so that the same lock
 * file gives the same bytes.
 *
 *     node scripts/sbom.ts dist/sbom.cdx.json
 */
const ROOT = join(import.meta.dirname, "..");

/** Installed for development, and shipped: the image runs on it. */
const RUNTIME = "node";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

function npmSbom(): Bom {
  const result = spawnSync("npm", ["sbom", "--sbom-format", "cyclonedx"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) throw new Error(`npm sbom failed: ${result.error?.message ?? result.stderr}`);
  return JSON.parse(result.stdout) as Bom;
}

function isShipped({ name, properties = [] }: Component): boolean {
  const isDevelopment = properties.some((property) => property.name === "cdx:npm:package:development");
  return name === RUNTIME || !isDevelopment;
}

function shippedOf(bom: Bom): object {
  const components = bom.components.filter(isShipped);
  const { component } = bom.metadata;
  const refs = new Set([component, ...components].map((each) => each["bom-ref"]));
  const name = component["bom-ref"].replace(/@[^@]*$/, "");
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    // npm names the component after the folder it lies in.
    metadata: { lifecycles: [{ phase: "build" }], component: { ...component, name, type: "application" } },
    components,
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((to) => refs.has(to)) })),
  };
}

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("name the file to write: node scripts/sbom.ts dist/sbom.cdx.json");
writeFileSync(target, `${JSON.stringify(shippedOf(npmSbom()), null, 2)}\n`);
