import { describe, expect, it } from "vitest";
import type { Sighting } from "../../src/cli/follower.ts";
import { createView } from "../../src/cli/progress-view.ts";
import { checklist, overview, progressLine } from "../../src/cli/render/progress.ts";
import { plain, processTerminal, type Terminal } from "../../src/cli/terminal.ts";
import { diagnose } from "../../src/diagnostics/engine.ts";
import type { ObjectKey } from "../../src/model/refs.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { desiredStatus } from "../../src/reconciler/status.ts";
import { ingress, NOW, path, rule, snapshot } from "../support/builders.ts";
import { FakeClock } from "../support/fake-clock.ts";

function sightingOf(taken: Snapshot, { at = NOW, watchedSince = at as number | undefined } = {}): Sighting {
  const diagnosis = diagnose(taken);
  const status = desiredStatus(diagnosis, undefined, at);
  const { namespace, name } = taken.ingress.ref;
  const key: ObjectKey = `${namespace}/${name}`;
  return { key, namespace, name, snapshot: taken, diagnosis, status, at, watchedSince };
}

const HEALTHY = snapshot();
const BROKEN = snapshot({
  ingress: ingress({
    name: "shop",
    addresses: [],
    rules: [rule("shop.example.com", path("/", "nowhere"))],
  }),
});

describe("a line for a log", () => {
  it("says what is missing, and since when that is known", () => {
    const line = progressLine(sightingOf(BROKEN));
    expect(line).toMatch(/^2026-11-23T12:00:00Z shop\/shop Broken \(no-address\): .* \[GID401\] Missing: /);
    expect(line).toContain("AddressAssigned (since before 2026-11-23T12:00:00Z)");
    const known = progressLine({ ...sightingOf(BROKEN), watchedSince: undefined });
    expect(known).toContain("AddressAssigned (since 2026-11-23T12:00:00Z)");
  });
});

describe("a screen", () => {
  const options = { width: 80, paint: plain, now: NOW + 5 * 60_000 };

  it("shows the checklist of one Ingress with the age of what is missing", () => {
    const lines = checklist(sightingOf(BROKEN), options);
    expect(lines[0]).toBe("shop/shop: Broken (no-address)");
    expect(lines.join("\n")).toMatch(/\n {2}no {7}AddressAssigned +for more than 5 min: /);
    expect(lines.join("\n")).toContain("Fix:");
    expect(Math.max(...lines.filter((line) => !line.includes("$")).map((line) => line.length))).toBeLessThan(
      81,
    );
  });

  it("shows many Ingresses in rows no wider than itself, those with trouble first", () => {
    const lines = overview([sightingOf(HEALTHY), sightingOf(BROKEN)], { ...options, width: 60 });
    expect(lines.map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ["INGRESS", "VERDICT"],
      ["shop/shop", "Broken"],
      ["shop/web", "Healthy"],
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
  });
});

/** A process' streams of which stdout is a terminal of 24 lines, or none. */
function streams(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 80, rows: 24, write: (text: string) => written.push(text) };
  const process = { stdout: stream, stderr: { isTTY: false }, env: { NO_COLOR: "1" } };
  return { written, terminal: processTerminal(process as unknown as NodeJS.Process) };
}

function view(terminal: Terminal, output: "text" | "json" = "text") {
  const clock = new FakeClock();
  const footer = () => ["Waiting."];
  return { clock, shown: createView({ terminal, clock, output, isSingle: true, footer }) };
}

describe("the view of what is followed", () => {
  it("appends a line for a change off a terminal, and none for a sighting that says the same", () => {
    const { written, terminal } = streams(false);
    const { shown } = view(terminal);
    shown.seen(sightingOf(HEALTHY));
    shown.seen(sightingOf(HEALTHY, { at: NOW + 60_000 }));
    shown.seen(sightingOf({ ...BROKEN, ingress: { ...BROKEN.ingress, ref: HEALTHY.ingress.ref } }));
    shown.gone("shop/web");
    shown.end();
    expect(written.map((line) => line.split(" ")[2]?.replace(":", ""))).toEqual(["Healthy", "Broken", "was"]);
  });

  it("appends one JSON value for a change where programs read it, terminal or not", () => {
    const { written, terminal } = streams(true);
    const { shown } = view(terminal, "json");
    shown.seen(sightingOf(BROKEN));
    shown.gone("shop/shop");
    const [first, second] = written.map((line) => JSON.parse(line));
    expect(first).toMatchObject({ namespace: "shop", verdict: "Broken", cause: { code: "GID401" } });
    expect(first.conditions).toContainEqual(
      expect.objectContaining({ type: "AddressAssigned", status: "False", sinceIsExact: false }),
    );
    expect(second).toMatchObject({ name: "shop", deleted: true });
  });

  it("draws over itself on a terminal, every second and at every change, and leaves the last state", async () => {
    const { written, terminal } = streams(true);
    const { clock, shown } = view(terminal);
    shown.seen(sightingOf(HEALTHY));
    expect(written).toEqual([]);
    await clock.pass(50);
    expect(written).toHaveLength(1);
    const lines = written[0]?.split("\n").length ?? 0;
    expect(written[0]).toContain("Waiting.\n");
    await clock.pass(1_000);
    expect(written).toHaveLength(2);
    // Back to the first line, then everything below is wiped.
    expect(written[1]?.startsWith(`\u001b[${lines - 1}A\r\u001b[J`)).toBe(true);
    shown.end();
    shown.end();
    await clock.pass(5_000);
    expect(written).toHaveLength(3);
    expect(written[2]).not.toContain("Waiting.");
  });

  it("leaves out what does not fit on the screen", async () => {
    const { written, terminal } = streams(true);
    terminal.draw?.(Array.from({ length: 100 }, (_, index) => `line ${index}`));
    expect(written.join("").split("\n")).toHaveLength(24);
  });
});
