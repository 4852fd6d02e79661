import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly "runs-on": string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly name: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".github/workflows");
const FILES = readdirSync(FOLDER);

/** An action by the commit that was looked at, and for people the version that it was. */
const PINNED = /^ *(?:- )?uses: [\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

const targets = new Set(
  [...readFileSync(join(ROOT, "Makefile"), "utf8").matchAll(/^([a-z0-9-]+):(?!=)/gm)].map(([, name]) => name),
);

/** Targets of each `make` in a shell script, which may stand in a substitution and may have options. */
function madeBy(script: string): readonly string[] {
  return [...script.matchAll(/\bmake(?: +-\S+)* +([a-z0-9-]+)/g)].map(([, target = ""]) => target);
}

test("there are the workflows that the documentation names", () => {
  expect(FILES.toSorted()).toEqual(["ci.yml", "release.yml"]);
  expect(targets.size).toBeGreaterThan(10);
});

describe.each(FILES)("%s", (file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test("has jobs whose steps do one thing each", () => {
    expect(steps.length).toBeGreaterThan(0);
    for (const { uses, run } of steps) expect([uses, run].filter((way) => way !== undefined)).toHaveLength(1);
    for (const job of Object.values(workflow.jobs)) expect(job["runs-on"]).toBeTruthy();
  });

  test("runs targets that the Makefile has", () => {
    const made = steps.flatMap(({ run }) => madeBy(run ?? ""));
    expect(made).not.toEqual([]);
    expect(made.filter((target) => !targets.has(target))).toEqual([]);
  });

  test("pins every action by its commit and says its version", () => {
    const lines = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    expect(lines.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  test("may only read where a job does not ask for more", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  test("keeps what an event says out of its scripts, where it would be code", () => {
    const scripts = steps.map(({ run }) => run ?? "");
    expect(scripts.filter((script) => /\$\{\{\s*github\.(?:event|head_ref|ref_name)/.test(script))).toEqual(
      [],
    );
  });
});
