import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { agreedVersion } from "../../scripts/package.ts";

test("chart and package agree on their version", () => {
  expect(agreedVersion(undefined)).toBe(packageJson.version);
});

test("a tag that is another version is refused, and both are named", () => {
  expect(() => agreedVersion("9.9.9")).toThrow(
    `9.9.9 was asked for, package.json says ${packageJson.version}`,
  );
});
