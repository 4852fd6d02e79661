import manifest from "../package.json" with { type: "json" };

/** Version of the package, from its package.json; part of the built program. */
export const VERSION: string = manifest.version;
