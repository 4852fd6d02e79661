import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { COMMAND_LINE } from "../built/program.ts";
import { ingressDoctor } from "../cli/command.ts";
import { documents, ingressYaml, serviceYaml } from "../cli/inventories.ts";
import { TestClient } from "../controlplane/client.ts";
import { writeKubeconfig } from "../controlplane/kubeconfig.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { ingressManifest } from "./reconciler/cluster.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The sequences that switch a colour on or off, and nothing else a terminal obeys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what such a sequence begins with
const COLOR = /\u001b\[\d+m/g;
const REPLACED_LINE = "\r\u001b[K";

const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-terminal-"));
const kubeconfig = join(folder, "kubeconfig");

beforeAll(async () => {
  const connection = inject("controlPlane");
  const client = new TestClient(connection);
  const namespace = await createNamespace(client, "terminal");
  await applyManifests(client, [ingressManifest(namespace, "web", "absent")]);
  writeKubeconfig(kubeconfig, connection, namespace);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Screen {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a terminal of this size is sent while the command runs on it; stdout and stderr together. */
function onTerminal(args: readonly string[], { columns = 80, env = {} }: Screen = {}) {
  const command = `stty cols ${columns} rows 40; exec node ${COMMAND_LINE} ${args.join(" ")}`;
  const { status, stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    encoding: "utf8",
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: "/nonexistent", SHELL: "/bin/sh", TERM: "xterm-256color", ...env },
  });
  return { status, sent: stdout.replaceAll("\r\n", "\n") };
}

const BROKEN = ["diagnose", "-f", "examples/missing-service.yaml"];

describe("colour", () => {
  test("is on a terminal", () => {
    const { status, sent } = onTerminal(BROKEN);
    expect(sent.replaceAll(COLOR, "")).not.toBe(sent);
    expect(status).toBe(1);
  });

  test.each([
    ["with NO_COLOR", { NO_COLOR: "1" }],
    ["where the terminal knows none", { TERM: "dumb" }],
  ])("is not %s", (_, env) => {
    const { sent } = onTerminal(BROKEN, { env });
    expect(sent).toContain("GID401");
    expect(sent).not.toContain("\u001b");
  });

  test("is not in a pipe, even one that starts on a terminal", () => {
    const { sent } = onTerminal([...BROKEN, "|", "cat"]);
    expect(sent).toContain("GID401");
    expect(sent).not.toContain("\u001b");
  });

  test("changes nothing but the colour", async () => {
    const { out } = await ingressDoctor(BROKEN);
    const { sent } = onTerminal(BROKEN, { columns: 100 });
    expect(sent.replaceAll(COLOR, "")).toBe(out);
  });
});

test.each([70, 90, 110])("text keeps to %i columns, but for commands", (columns) => {
  const { sent } = onTerminal(BROKEN, { columns, env: { NO_COLOR: "1" } });
  const prose = sent.split("\n").filter((line) => !/^\s*\$ /.test(line));
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(Math.max(...prose.map((line) => line.length))).toBeGreaterThan(columns - 20);
});

describe("progress", () => {
  const live = ["diagnose", "--kubeconfig", kubeconfig, "--google", "off"];

  test("is shown on a terminal and removed before the report", () => {
    const { sent } = onTerminal(live);
    const shown = sent.split(REPLACED_LINE);
    expect(shown).toContainEqual(expect.stringMatching(/^Reading namespace terminal-\w+: \d+ of \d+ lists$/));
    const report = shown.at(-1);
    expect(report).toContain("GID401");
    expect(report).not.toContain("Reading namespace");
  });

  test("is not in a pipe", async () => {
    expect((await ingressDoctor(live)).err).toBe("");
  });

  test("does not spoil a report that is piped on", () => {
    const { sent } = onTerminal([...live, "-o", "json", "2>/dev/null", "|", "cat"]);
    expect(JSON.parse(sent).items).toHaveLength(1);
  });
});

test("control characters of manifests reach no terminal", () => {
  const file = join(folder, "hostile.yaml");
  const hostile = ingressYaml("NAME", '"\\u001b[2J\\u0007\\u009b31m"').replace(
    "NAME",
    '"we\\u001b]0;owned\\u0007b"',
  );
  writeFileSync(file, documents(hostile, serviceYaml("web")));
  const { sent } = onTerminal(["diagnose", "-f", file]);
  expect(sent).toContain("GID401");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
  expect(sent.replaceAll(COLOR, "")).not.toMatch(control);
});

test("a reader that stops early ends the command without a word", () => {
  const { sent } = onTerminal(["rules", "|", "head", "-1"]);
  expect(sent.split("\n").filter(Boolean)).toHaveLength(1);
});
