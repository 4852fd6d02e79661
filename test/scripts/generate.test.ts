import { expect, test } from "vitest";
import { driftedFiles } from "../../scripts/generate.ts";
import { statusTypes } from "../../scripts/generate-status-types.ts";

test("the types of the status are those of the resource", () => {
  expect(driftedFiles([statusTypes])).toEqual([]);
});

test("a file that was edited by hand is named", () => {
  const outputs = () =>
    new Map([...statusTypes.outputs()].map(([path, content]) => [path, `${content}// mine\n`]));
  expect(driftedFiles([{ name: "edited", outputs }])).toEqual(["src/reconciler/status-types.ts"]);
});
