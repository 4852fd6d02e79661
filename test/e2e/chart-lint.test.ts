import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { renderText, type Values } from "../deploy/helm.ts";
import { COMBINATIONS } from "../deploy/values.ts";
import { locateTool } from "../tools/tools.ts";

/** What kube-score asks for and the chart does otherwise on purpose. */
const OTHERWISE = [
  // A tag of a release is never moved, so the image a node has is the right one.
  "--ignore-test=container-image-pull-policy",
  // A limit would delay diagnoses when a cluster is in trouble, and idle CPU is nobody's.
  "--ignore-container-cpu-limit",
  // Topology spread constraints do it, over zones as well.
  "--ignore-test=deployment-has-host-podantiaffinity,statefulset-has-host-podantiaffinity",
];

/** Complaints of kube-score about manifests, by object. */
function complaints(manifests: string): string[] {
  const args = ["score", "-", "--output-format=ci", "--kubernetes-version=v1.28", ...OTHERWISE];
  const { stdout, stderr } = spawnSync(locateTool("kube-score"), args, {
    input: manifests,
    encoding: "utf8",
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new Error(`kube-score judged nothing: ${stderr}`);
  return lines.filter((line) => !/^\[(OK|SKIPPED)\]/.test(line));
}

/** Installations that leave out what protects others, because their administrator said so. */
const UNPROTECTED = ["everything off"];
const protectedOnes = Object.entries(COMBINATIONS).filter(([name]) => !UNPROTECTED.includes(name));

describe("kube-score has nothing to say of", () => {
  test.each<[string, Values]>(protectedOnes)("%s", async (_name, values) => {
    // Few processes are a choice, and the linter wants two.
    const text = (await renderText(values)).replace(/^ {2}replicas: [01]$/m, "  replicas: 2");
    const wanted = text.includes("kind: PodDisruptionBudget") ? [] : [/PodDisruptionBudget/];
    const said = complaints(text).filter((line) => !wanted.some((pattern) => pattern.test(line)));
    expect(said).toEqual([]);
  });
});

test("it does speak up", async () => {
  const text = await renderText(COMBINATIONS["everything off"]);
  expect(complaints(text).join("\n")).toContain("NetworkPolicy");
});
