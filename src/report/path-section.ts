import type { ReportEntry } from "./entry.ts";
import { flagText, STATE_WORDS } from "./hop-words.ts";
import { type Html, html } from "./html.ts";
import type { PathLayouts } from "./path-layout.ts";
import { pathPicture } from "./path-picture.ts";
import { COLUMNS, type PathNode } from "./request-path.ts";

/** The picture of a request's path, and the same in words: for readers, narrow screens and printers. */
export function pathSection({ path, diagnosis }: ReportEntry, id: string, layouts: PathLayouts): Html {
  const cause = diagnosis.cause?.code;
  const picture = pathPicture(path, layouts.layout(path), {
    id: `${id}-picture`,
    title: `Path of a request to Ingress ${diagnosis.ingress.name}`,
    description: description(path.nodes),
    cause,
  });
  const hops = COLUMNS.flatMap(({ name, title }) =>
    path.nodes.filter(({ column }) => column === name).map((node) => hop(node, title, cause)),
  );
  return html`<section><h4 id="${id}-path">Path of a request</h4><div class="picture" role="group" tabindex="0" aria-labelledby="${id}-path">${picture}</div><ol class="hops">${hops}</ol></section>`;
}

function description(nodes: readonly PathNode[]): string {
  const stops = nodes.filter(({ state }) => state === "broken" || state === "warned" || state === "affected");
  if (stops.length === 0) return "No hop is known to fail. The list below the picture names every hop.";
  const places = stops.map(
    ({ title, state, finding }) =>
      `${title} ${STATE_WORDS[state]}${finding === undefined ? "" : ` (${finding.code})`}`,
  );
  return `${places.join("; ")}. The list below the picture names every hop.`;
}

function hop(node: PathNode, hopTitle: string, cause: string | undefined): Html {
  const { title, lines, state, finding } = node;
  const flag = flagText(node, cause);
  const detail = lines.length === 0 ? undefined : html` <span class="quiet">${lines.join(", ")}</span>`;
  return html`<li class="${state}"><span class="hop-name">${hopTitle}</span> <strong>${title}</strong>${detail}<span class="${state === "ok" ? "unseen" : "hop-state"}">${flag ?? STATE_WORDS[state]}</span>${finding === undefined || finding.code === cause ? undefined : html` <span class="says">${finding.message}</span>`}</li>`;
}
