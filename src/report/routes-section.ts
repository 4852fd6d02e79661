import type { ExpectedAnswer, RouteDiagnosis } from "../diagnostics/diagnosis.ts";
import { counted } from "../diagnostics/text.ts";
import type { ReportEntry } from "./entry.ts";
import { type Html, html } from "./html.ts";
import { ANSWER_TONES, chip } from "./signs.ts";

/** Most routes one table shows. */
const MAX_ROUTES = 150;

/** Every host and path with the answer to expect, and a box that follows a URL. */
export function routesSection({
  diagnosis: { routes },
  routeFields,
  routeTable,
}: ReportEntry): Html | undefined {
  if (routes.length === 0 && routeTable === undefined) return undefined;
  const shown = routes.slice(0, MAX_ROUTES).map((route, index) => row(route, routeFields[index] ?? ""));
  const cut = routes.length - shown.length;
  const table =
    shown.length === 0
      ? html`<p>The Ingress names no host or path; its default backend takes every request.</p>`
      : html`<table class="routes"><thead><tr><th scope="col">Host and path</th><th scope="col">Backend</th><th scope="col">Expected answer</th></tr></thead><tbody>${shown}</tbody></table>`;
  return html`<section><h4>Routes</h4>${routeTable === undefined ? undefined : html`<div class="url-place" data-example="${exampleUrl(routes)}"></div>`}${table}${
    cut > 0
      ? html`<p class="quiet">${counted(cut, "more route")} left out; the box knows them all.</p>`
      : undefined
  }</section>`;
}

function exampleUrl(routes: readonly RouteDiagnosis[]): string {
  const [first] = routes;
  const host = first === undefined || first.host === "*" ? "example.com" : first.host.replace(/^\*/, "www");
  return `http://${host}${first === undefined || first.path === "" ? "/" : first.path.replace(/\*$/, "")}`;
}

const ANSWER_WORDS: Readonly<Record<ExpectedAnswer, string>> = {
  served: "served",
  redirect: "redirect",
  "404": "404",
  "502": "502",
  "503": "503",
  none: "no answer",
  unknown: "not known",
};

function row(
  { host, path, pathType, service, port, answer, frozen, finding }: RouteDiagnosis,
  field: string,
): Html {
  const type = pathType === "" ? undefined : html` <span class="quiet">${pathType}</span>`;
  return html`<tr data-field="${field}"><th scope="row"><span class="host">${host === "*" ? "any host" : host}</span><span class="url-path">${path === "" ? "/*" : path}</span>${type}</th><td>${service === "" ? "none" : `${service}:${port}`}</td><td>${chip(ANSWER_TONES[answer], ANSWER_WORDS[answer])}${finding === undefined ? undefined : html` <span class="code">${finding}</span>`}${frozen ? html` <span class="quiet">an older version</span>` : undefined}</td></tr>`;
}
