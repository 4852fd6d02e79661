import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import type { Plugin } from "esbuild";
import { prunedProtos, usedServices } from "./build-compute-protos.ts";

/** What is done to libraries while they are bundled, so that only what is used is shipped and loaded. */
export function libraryPlugins(root: string): Plugin[] {
  return [packageFacts, lazyPackages(root), restOnlyGax, computeProtos(root), kubeconfigOnly];
}

/** A package.json is imported for its name and version only. */
const packageFacts: Plugin = {
  name: "package-facts",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

/**
 * Gives a package that is imported dynamically the names that Node gives it.
 *
 * A chunk made of CommonJS would export a default only, and each name would be undefined without any error.
 */
function lazyPackages(root: string): Plugin {
  return {
    name: "lazy-packages",
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir }) => {
        if (kind !== "dynamic-import" || isBuiltin(path)) return undefined;
        const found = await resolve(path, { kind: "import-statement", importer, resolveDir });
        if (found.errors.length > 0) return found;
        return { path: relative(root, found.path), namespace: "lazy-packages" };
      });
      onLoad({ filter: /.*/, namespace: "lazy-packages" }, async ({ path }) => {
        const module = join(root, path);
        const names = Object.keys(await import(module)).filter((name) => name !== "module.exports");
        const contents = `export { ${names.join(", ")} } from ${JSON.stringify(`./${basename(path)}`)};`;
        return { contents, resolveDir: dirname(module) };
      });
    },
  };
}

/**
 * Gives Compute clients the part of google-gax that speaks REST; the main entry would load gRPC as well.
 *
 * The clients take `fallback` and `loggingUtils` from the main entry.
 */
const restOnlyGax: Plugin = {
  name: "rest-only-gax",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^google-gax$/ }, () => ({ path: "google-gax", namespace: "rest-only-gax" }));
    onLoad({ filter: /.*/, namespace: "rest-only-gax" }, () => ({
      contents: `
        const fallback = require("google-gax/fallback");
        module.exports = { ...fallback, fallback, loggingUtils: require("google-logging-utils") };`,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Bundles the API description of the reads of the services in use: a seventeenth of the whole, and parsed as data. */
function computeProtos(root: string): Plugin {
  return {
    name: "compute-protos",
    setup({ onLoad }) {
      onLoad({ filter: /@google-cloud[/\\]compute[/\\]build[/\\]protos[/\\]protos\.json$/ }, ({ path }) => {
        const clients = readFileSync(join(root, "src/gcp/compute-clients.ts"), "utf8");
        const pruned = prunedProtos(JSON.parse(readFileSync(path, "utf8")), usedServices(clients));
        const text = JSON.stringify(JSON.stringify(pruned));
        return { contents: `module.exports = JSON.parse(${text});`, loader: "js" };
      });
    },
  };
}

/**
 * Of the Kubernetes library only the kubeconfig is used, and of its generated 900 models and 60 APIs nothing.
 *
 * The kubeconfig takes these two names from there, for a method that nobody calls here.
 */
const kubeconfigOnly: Plugin = {
  name: "kubeconfig-only",
  setup({ onLoad }) {
    onLoad({ filter: /@kubernetes[/\\]client-node[/\\]dist[/\\]gen[/\\]index\.js$/ }, () => ({
      contents: `
        export { createConfiguration } from "./configuration.js";
        export { ServerConfiguration } from "./servers.js";`,
    }));
  },
};
