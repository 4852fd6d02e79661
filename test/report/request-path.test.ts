import { describe, expect, it } from "vitest";
import { unknown } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { PathLayouts, type PlacedBox } from "../../src/report/path-layout.ts";
import { COLUMNS, type PathNode, type RequestPath } from "../../src/report/request-path.ts";
import { freshAnnotations, ingress, path, rule, servedAnnotations, snapshot } from "../support/builders.ts";
import { entryOf, manyRoutes, scenarioSnapshots, threeZones } from "./samples.ts";

function pathOf(sample: Snapshot): RequestPath {
  return entryOf(sample).path;
}

/** The states of the boxes, by column, each state once. */
function states({ nodes }: RequestPath): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    COLUMNS.map(({ name }) => [
      name,
      [...new Set(nodes.filter(({ column }) => column === name).map(({ state }) => state))],
    ]),
  );
}

describe("the path of a request", () => {
  it("passes every hop of a healthy Ingress", () => {
    expect(new Set(pathOf(snapshot()).nodes.map(({ state }) => state))).toEqual(new Set(["ok"]));
  });

  it("ends at the Service that does not exist, and says which finding tells", () => {
    const { nodes, edges } = pathOf(snapshot({ ingress: toReview() }));
    const broken = nodes.filter(({ state }) => state === "broken");
    expect(broken.map(({ column, title, finding }) => [column, title, finding?.code])).toEqual([
      ["service", "review:80", "GID401"],
    ]);
    const behind = nodes.filter(({ column }) => column === "group" || column === "pods");
    expect(behind.map(({ state }) => state)).toEqual(["unreached", "unreached"]);
    expect(edges.filter(({ to }) => behind.some(({ id }) => id === to)).every(({ taken }) => !taken)).toBe(
      true,
    );
  });

  it("ends at the address that a new Ingress does not get because of it", () => {
    const sample = snapshot({
      ingress: toReview({ annotations: freshAnnotations(), addresses: [] }),
    });
    expect(states(pathOf(sample))).toMatchObject({
      client: ["ok"],
      address: ["affected"],
      frontend: ["unreached"],
      service: expect.arrayContaining(["broken"]),
    });
  });

  it("marks each endpoint as Google calls it, and the hops that findings warn about", () => {
    const { nodes } = pathOf(threeZones());
    const pods = nodes.find(({ column }) => column === "pods");
    expect(pods).toMatchObject({ title: "6 of 6 ready", lines: ["Google: 2 of 6 healthy"], state: "warned" });
    expect(pods?.endpoints).toEqual(["good", "good", "bad", "bad", "bad", "bad"]);
  });

  it("leads from a redirect nowhere", () => {
    const { nodes } = pathOf(snapshot());
    expect(nodes.filter(({ column }) => column === "frontend").map(({ title }) => title)).toEqual([
      "HTTP, port 80",
    ]);
    const closed = pathOf(
      snapshot({
        ingress: ingress({ annotations: servedAnnotations({ "kubernetes.io/ingress.allow-http": "false" }) }),
      }),
    );
    expect(closed.nodes.find(({ column }) => column === "frontend")?.title).toBe("Nothing listens");
    expect(states(closed).rule).toEqual(["unreached"]);
  });

  it("calls what could not be read not known", () => {
    const sample = snapshot({
      services: unknown("services", "forbidden", "permission to list services"),
      endpointSlices: unknown("endpointSlices", "forbidden", "permission to list endpointslices"),
    });
    expect(states(pathOf(sample))).toMatchObject({ group: ["unknown"], pods: ["unknown"] });
  });

  it("stays small however many routes and backends there are, and keeps the failing ones", () => {
    const many = manyRoutes(300);
    expect(pathOf(many).nodes.length).toBeLessThanOrEqual(45);
    const { rules } = many.ingress;
    const last = rule("last.example.com", path("/", "nowhere"));
    const faulty = { ...many, ingress: { ...many.ingress, rules: [...rules, last] } };
    const titles = pathOf(faulty)
      .nodes.filter(({ state }) => state === "broken")
      .map(({ title }) => title);
    expect(titles).toContain("nowhere:80");
  });
});

describe("in every scenario", () => {
  const samples = scenarioSnapshots().map((sample) => entryOf(sample));

  it("a cause is marked in the picture", () => {
    const unmarked = samples.filter(
      ({ diagnosis: { cause }, path: { nodes } }) =>
        cause !== undefined && !nodes.some(({ finding }) => finding?.code === cause.code),
    );
    expect(unmarked.map(({ diagnosis }) => diagnosis.summary)).toEqual([]);
    expect(samples.filter(({ diagnosis }) => diagnosis.cause !== undefined).length).toBeGreaterThan(100);
  });

  it("a healthy Ingress has no broken hop", () => {
    const healthy = samples.filter(({ diagnosis }) => diagnosis.verdict === "Healthy");
    expect(healthy.length).toBeGreaterThan(10);
    expect(healthy.flatMap(({ path: { nodes } }) => nodes.filter(stops)).map(({ title }) => title)).toEqual(
      [],
    );
  });

  it("boxes stand in their columns and cover neither each other nor the edge of the picture", () => {
    const layouts = new PathLayouts();
    for (const { path: drawn } of [...samples, entryOf(manyRoutes(60))]) {
      const { boxes, width, height } = layouts.layout(drawn);
      for (const { left, top, ...box } of boxes) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + box.width).toBeLessThanOrEqual(width);
        expect(top + box.height).toBeLessThanOrEqual(height);
      }
      expect(boxes.flatMap((box) => boxes.filter((other) => other !== box && covers(box, other)))).toEqual(
        [],
      );
      const columns = boxes.map(({ node, left }) => `${columnOf(node)} at ${left}`);
      const used = [...new Set(columns)].toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
      expect(used).toHaveLength(new Set(boxes.map(({ node }) => node.column)).size);
      const lefts = used.map((text) => Number(text.split(" at ")[1]));
      expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
    }
  });
});

function columnOf({ column }: PathNode): number {
  return COLUMNS.findIndex(({ name }) => name === column);
}

function covers(a: PlacedBox, b: PlacedBox): boolean {
  const apart = a.left + a.width <= b.left || b.left + b.width <= a.left;
  return !apart && a.top < b.top + b.height && b.top < a.top + a.height;
}

function stops({ state }: PathNode): boolean {
  return state === "broken" || state === "affected" || state === "unreached";
}

function toReview(changes: Parameters<typeof ingress>[0] = {}) {
  return ingress({ rules: [rule("shop.example.com", path("/", "review"))], ...changes });
}
