import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { krewManifest } from "../../scripts/krew-manifest.ts";

/** What krew demands of a manifest, as its developer guide describes it. */
const SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "krew.googlecontainertools.github.com/v1alpha2" },
    kind: { const: "Plugin" },
    metadata: {
      type: "object",
      additionalProperties: false,
      required: ["name"],
      properties: { name: { type: "string", pattern: "^[a-z0-9][a-z0-9-]*$" } },
    },
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["version", "homepage", "shortDescription", "platforms"],
      properties: {
        version: { type: "string", pattern: "^v\\d+\\.\\d+\\.\\d+(-[\\w.]+)?$" },
        homepage: { type: "string", pattern: "^https://" },
        shortDescription: { type: "string", minLength: 1, maxLength: 50, pattern: "[^.\\n]$" },
        description: { type: "string" },
        caveats: { type: "string" },
        platforms: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["uri", "sha256", "bin", "selector"],
            properties: {
              uri: { type: "string", pattern: "^https://.*\\.(tar\\.gz|tgz|zip)$" },
              sha256: { type: "string", pattern: "^[0-9a-f]{64}$" },
              bin: { type: "string", pattern: "^[^/.]" },
              selector: {
                type: "object",
                additionalProperties: false,
                properties: {
                  matchLabels: { type: "object" },
                  matchExpressions: {
                    type: "array",
                    items: {
                      type: "object",
                      additionalProperties: false,
                      required: ["key", "operator"],
                      properties: {
                        key: { enum: ["os", "arch"] },
                        operator: { enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
                        values: { type: "array", items: { type: "string" } },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

const release = { repository: "example/ingress-doctor", version: "1.2.3", sha256: "0f".repeat(32) };

test("the manifest is what krew accepts, and names the released archive", () => {
  const manifest = parse(krewManifest(release));
  const validate = new Ajv({ allErrors: true, strict: true }).compile(SCHEMA);
  validate(manifest);
  expect(validate.errors).toBeNull();
  expect(manifest.spec.platforms[0]).toMatchObject({
    uri: "https://github.com/example/ingress-doctor/releases/download/v1.2.3/ingress-doctor-cli-1.2.3.tgz",
    sha256: release.sha256,
  });
  const broken = { ...release, sha256: "no digest" };
  expect(validate(parse(krewManifest(broken)))).toBe(false);
});

test("it starts a file that is in the archive", () => {
  const { bin } = parse(krewManifest(release)).spec.platforms[0];
  // npm puts everything below this folder, and of the build it takes the whole.
  expect(bin).toMatch(/^package\/dist\//);
  const root = join(import.meta.dirname, "../..");
  expect(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).files).toContain("dist");
  const source = join(root, bin.replace("package/dist", "src/cli"));
  expect(existsSync(source)).toBe(true);
  expect(statSync(source).mode & 0o111).toBe(0o111);
});
