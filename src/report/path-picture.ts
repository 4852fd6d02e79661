import { fitted } from "./fitted-text.ts";
import { flagText, STATE_WORDS } from "./hop-words.ts";
import { type Html, html } from "./html.ts";
import { FLAG_HEIGHT, type PathLayout, type PlacedBox, TEXT } from "./path-layout.ts";
import { COLUMNS, type EndpointMark, type HopState, type RequestPath } from "./request-path.ts";

/** What a picture is called and described as; ids are unique in the page. */
export interface PictureText {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Code of the most likely cause. */
  readonly cause: string | undefined;
}

/** The picture of a request's path as inline SVG; its look is the page's style sheet. */
export function pathPicture({ edges }: RequestPath, layout: PathLayout, text: PictureText): Html {
  const { width, height, boxes } = layout;
  const byId = new Map(boxes.map((box) => [box.node.id, box]));
  const lines = edges.flatMap(({ from, to, taken }) => {
    const [start, end] = [byId.get(from), byId.get(to)];
    return start === undefined || end === undefined ? [] : [edge(start, end, taken)];
  });
  return html`<svg class="path" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${text.id}-title ${text.id}-desc"><title id="${text.id}-title">${text.title}</title><desc id="${text.id}-desc">${text.description}</desc>${headings(boxes)}${lines}${boxes.map((box) => drawBox(box, text.cause))}</svg>`;
}

function headings(boxes: readonly PlacedBox[]): readonly Html[] {
  return COLUMNS.flatMap(({ name, title }) => {
    const box = boxes.find(({ node }) => node.column === name);
    return box === undefined ? [] : [html`<text class="h" x="${box.left}" y="16">${title}</text>`];
  });
}

function edge(from: PlacedBox, to: PlacedBox, taken: boolean): Html {
  const [x1, y1] = [from.left + from.width, from.top + from.height / 2];
  const [x2, y2] = [to.left, to.top + to.height / 2];
  const bend = (x2 - x1) / 2;
  const way = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - (taken ? 5 : 0)} ${y2}`;
  const head = taken ? html`<path class="tip" d="M${x2 - 6} ${y2 - 4}l6 4-6 4z"/>` : undefined;
  return html`<path class="${taken ? "e" : "e cut"}" d="${way}"/>${head}`;
}

const PADDING = 12;
const [TITLE_SIZE, LINE_SIZE, FLAG_SIZE] = [13, 12, 11.5];

function drawBox({ node, left, top, width, height }: PlacedBox, cause: string | undefined): Html {
  const { title, lines, state, endpoints, finding } = node;
  const room = width - PADDING * 2;
  const texts = {
    title: fitted(title, room - (ICONS[state] === undefined ? 0 : 12), TITLE_SIZE),
    lines: lines.map((line) => fitted(line, room, LINE_SIZE)),
  };
  const isCut = texts.title !== title || texts.lines.some((text, index) => text !== lines[index]);
  const full = [
    title,
    ...lines,
    STATE_WORDS[state],
    ...(finding === undefined ? [] : [finding.message]),
  ].join("\n");
  const written = texts.lines.map(
    (line, index) =>
      html`<text class="l" x="${PADDING}" y="${TEXT.first + (index + 1) * TEXT.line}">${line}</text>`,
  );
  const marksAt = TEXT.first + lines.length * TEXT.line + 9;
  const isCause = finding !== undefined && finding.code === cause;
  return html`<g class="n ${state}${isCause ? " cause" : ""}" transform="translate(${left} ${top})">${isCut || finding !== undefined ? html`<title>${preserved(full)}</title>` : undefined}${flag(node, width, cause)}<rect class="b" width="${width}" height="${height}" rx="8"/><text class="t" x="${PADDING}" y="${TEXT.first}">${texts.title}</text>${written}${(endpoints ?? []).map((mark, index) => endpointMark(mark, PADDING + index * 13, marksAt))}${badge(state, width)}</g>`;
}

function preserved(text: string): readonly Html[] {
  return text.split("\n").map((line, index) => html`${index === 0 ? "" : html`&#10;`}${line}`);
}

function flag(node: PlacedBox["node"], width: number, cause: string | undefined): Html | undefined {
  const text = flagText(node, cause);
  if (text === undefined) return undefined;
  return html`<rect class="f" y="${-FLAG_HEIGHT}" width="${width}" height="${FLAG_HEIGHT + 8}" rx="8"/><text class="ft" x="${PADDING}" y="${-FLAG_HEIGHT + 16}">${fitted(text, width - PADDING * 2, FLAG_SIZE)}</text>`;
}

/** Signs of states, drawn in a circle of radius 9 around 0,0; `ok` and `unreached` carry none. */
const ICONS: Partial<Readonly<Record<HopState, Html>>> = {
  broken: html`<path d="M-3.5-3.5l7 7M3.5-3.5l-7 7"/>`,
  affected: html`<path d="M-3.5-3.5l7 7M3.5-3.5l-7 7"/>`,
  warned: html`<path d="M0-4.5v5.5M0 4v.6"/>`,
  waiting: html`<path d="M0-4v4.3l3 1.8"/>`,
  unknown: html`<path d="M-2.3-1.8a2.4 2.4 0 1 1 3.4 2.2Q0 1 0 2M0 4.4v.3"/>`,
};

function badge(state: HopState, width: number): Html | undefined {
  const icon = ICONS[state];
  return icon && html`<g class="i" transform="translate(${width - 2} 2)"><circle r="9"/>${icon}</g>`;
}

function endpointMark(mark: EndpointMark, x: number, y: number): Html {
  const cross = mark === "bad" ? html`<path class="x" d="M${x + 2} ${y + 2}l5 5m0-5l-5 5"/>` : undefined;
  return html`<rect class="m ${mark}" x="${x}" y="${y}" width="9" height="9" rx="2.5"/>${cross}`;
}
