import { Graph, layout } from "@dagrejs/dagre";
import { COLUMNS, type Column, type PathNode, type RequestPath } from "./request-path.ts";

/** Where one box stands, in pixels of the picture. */
export interface PlacedBox {
  readonly node: PathNode;
  readonly left: number;
  /** Of the box itself, below its flag. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture with every box in its place. */
export interface PathLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
}

/** Height of what a box carries above it when a finding is about it. */
export const FLAG_HEIGHT = 24;

/** Height of the column titles. */
const HEADING = 30;

const WIDTHS: Readonly<Record<Column, number>> = {
  client: 66,
  address: 126,
  frontend: 142,
  rule: 196,
  service: 190,
  group: 152,
  pods: 170,
};

/** From the top of a box: to its title's base line, between lines, and from the last one to the bottom. */
export const TEXT = { first: 22, line: 16, bottom: 12, marks: 18 } as const;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Places boxes by dagre, from left to right.
 *
 * Pictures of one shape are placed once: of hundreds of Ingresses most look alike, and a layout costs milliseconds.
 */
export class PathLayouts {
  readonly #known = new Map<string, ReadonlyMap<string, Point>>();

  layout(path: RequestPath): PathLayout {
    const centres = this.#centres(path);
    const boxes = path.nodes.map((node): PlacedBox => {
      const { x, y } = centres.get(node.id) ?? { x: 0, y: 0 };
      const width = WIDTHS[node.column];
      const height = boxHeight(node);
      const top = y - outerHeight(node) / 2 + flagHeight(node) + HEADING;
      return { node, left: Math.round(x - width / 2), top: Math.round(top), width, height };
    });
    return {
      width: Math.max(...boxes.map(({ left, width }) => left + width)) + MARGIN,
      height: Math.max(...boxes.map(({ top, height }) => top + height)) + MARGIN,
      boxes,
    };
  }

  #centres(path: RequestPath): ReadonlyMap<string, Point> {
    const shape = JSON.stringify([
      path.nodes.map((node) => [node.id, outerHeight(node)]),
      path.edges.map(({ from, to }) => [from, to]),
    ]);
    const known = this.#known.get(shape) ?? centresOf(path);
    this.#known.set(shape, known);
    return known;
  }
}

const MARGIN = 10;

function centresOf({ nodes, edges }: RequestPath): ReadonlyMap<string, Point> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ranksep: 26, nodesep: 16, marginx: MARGIN, marginy: MARGIN });
  for (const node of nodes) {
    graph.setNode(node.id, { width: WIDTHS[node.column], height: outerHeight(node) });
  }
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  // A box that no request reaches still stands in its column.
  for (const node of nodes) {
    const before = boxBefore(node, nodes);
    if (before !== undefined && !edges.some(({ to }) => to === node.id))
      graph.setEdge(before.id, node.id, {});
  }
  // Boxes stay in the order in which they are listed, which is the order of the Ingress.
  layout(graph, { disableOptimalOrderHeuristic: true });
  return new Map(nodes.map(({ id }): [string, Point] => [id, graph.node(id) as Point]));
}

function boxBefore({ column }: PathNode, nodes: readonly PathNode[]): PathNode | undefined {
  const position = COLUMNS.findIndex(({ name }) => name === column);
  const before = COLUMNS[position - 1]?.name;
  return nodes.find((node) => node.column === before);
}

function boxHeight({ lines, endpoints }: PathNode): number {
  return TEXT.first + lines.length * TEXT.line + (endpoints === undefined ? 0 : TEXT.marks) + TEXT.bottom;
}

function flagHeight({ finding }: PathNode): number {
  return finding === undefined ? 0 : FLAG_HEIGHT;
}

function outerHeight(node: PathNode): number {
  return boxHeight(node) + flagHeight(node);
}
