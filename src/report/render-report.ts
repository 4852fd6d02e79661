import { cleanText } from "../diagnostics/text.ts";
import type { ReportEntry } from "./entry.ts";
import { entrySection } from "./entry-section.ts";
import { type Html, html, jsonIsland, trusted } from "./html.ts";
import { overview } from "./overview.ts";
import { PAGE_SCRIPT, PAGE_STYLE, SCRIPT_DIGEST, STYLE_DIGEST } from "./page-assets.ts";
import type { PageData } from "./page-data.ts";
import { PathLayouts } from "./path-layout.ts";
import { type ReportService, servicesSection } from "./services-section.ts";
import { signShapes } from "./signs.ts";
import type { Origin } from "./summary.ts";
import { byUrgency, nameOf } from "./urgency.ts";
import { urlBoxTemplate } from "./url-box.ts";

/** What a report is made of. */
export interface ReportInput {
  /** Epoch milliseconds at which its objects were read. */
  readonly generatedAt: number;
  readonly origin: Origin;
  readonly entries: readonly ReportEntry[];
  /** Services with something wrong about NEGs that no Ingress uses; absent for none. */
  readonly services?: readonly ReportService[];
  /** Ingresses that other controllers serve, and that are not shown. */
  readonly leftOut: number;
  /** Ingresses less urgent than those of `entries`, for which there is no room. @defaultValue none */
  readonly notShown?: number;
}

/**
 * The Content Security Policy of every report: nothing is loaded, and only its own style and script count.
 *
 * The page carries it. Who serves the page should send it as a header too, because `frame-ancestors` works there only.
 */
export const REPORT_POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_DIGEST}'`,
  `script-src '${SCRIPT_DIGEST}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * A report as one self-contained HTML page. Pure: the same input gives the same bytes.
 *
 * The worst Ingresses come first. Texts from the cluster are escaped and cleaned of control characters.
 */
export function renderReport(input: ReportInput): string {
  const entries = [...input.entries].sort(byUrgency);
  const ids = uniqueIds(entries);
  const layouts = new PathLayouts();
  const context = { origin: input.origin, layouts, open: entries.length === 1 };
  const list = entries.map((entry, index) => entrySection(entry, ids[index] ?? "", context));
  const ingresses = html`<section aria-labelledby="ingresses"><div class="list-head"><h2 id="ingresses" tabindex="-1">Ingresses</h2><p class="shown" role="status"></p></div><div class="entries" role="list">${list}</div><p class="none" hidden>No Ingress matches.</p></section>`;
  const data = html`<script type="application/json" id="page-data">${jsonIsland(pageData(entries, ids))}</script>`;
  return html`<!doctype html>
<html lang="en">${head(entries)}<body>
<a class="skip" href="#ingresses">Skip to the Ingresses</a>${signShapes()}
${header(input, entries)}
<main>${overview(entries)}${ingresses}${servicesSection(input.services ?? [])}</main>
${footer(input)}
${urlBoxTemplate()}<p class="unseen" id="announcer" role="status"></p>
${data}</body></html>
`.markup;
}

function head(entries: readonly ReportEntry[]): Html {
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${headline(entries)} - Ingress Doctor</title>
${asset("style", PAGE_STYLE)}
${asset("script", PAGE_SCRIPT)}
</head>`;
}

/** Style and script of the page itself, made by its build and therefore trusted. */
function asset(element: "style" | "script", content: string): Html {
  return html`<${element}>${trusted(content)}</${element}>`;
}

function header(
  { generatedAt, origin, leftOut, notShown = 0 }: ReportInput,
  entries: readonly ReportEntry[],
): Html {
  const time = new Date(generatedAt).toISOString();
  const what = origin === "cluster" ? "The cluster as it was on" : "Manifests, diagnosed on";
  const others = leftOut === 0 ? "" : ` Ingresses of other controllers, not shown: ${leftOut}.`;
  const rest = notShown === 0 ? "" : ` These are the most urgent; ${notShown} others have no room here.`;
  return html`<header class="page"><p class="brand">Ingress Doctor</p><button type="button" class="theme" hidden>Dark theme</button><h1>${headline(entries)}</h1><p class="quiet">${what} <time datetime="${time}">${time.slice(0, 10)} at ${time.slice(11, 16)} UTC</time>.${others}${rest}</p></header>`;
}

function headline(entries: readonly ReportEntry[]): string {
  const all = entries.length;
  const having = (verdict: string) => entries.filter(({ diagnosis }) => diagnosis.verdict === verdict).length;
  const [broken, degraded, healthy] = [having("Broken"), having("Degraded"), having("Healthy")];
  if (all === 0) return "No Ingress of GKE";
  const of =
    all === 1
      ? "The Ingress is"
      : `${broken > 0 ? broken : degraded} of ${all} Ingresses ${broken === 1 || (broken === 0 && degraded === 1) ? "is" : "are"}`;
  if (broken > 0) return `${of} broken`;
  if (degraded > 0) return `${of} degraded`;
  if (healthy === all) return all === 1 ? "The Ingress is healthy" : `All ${all} Ingresses are healthy`;
  return all === 1 ? "No fault found in the Ingress" : `No fault found in ${all} Ingresses`;
}

function footer({ origin }: ReportInput): Html {
  return html`<footer class="page"><p>Made by Ingress Doctor${origin === "manifests" ? " from manifests alone" : ""}. <code>ingress-doctor explain CODE</code> tells more about a finding. Nothing on this page is sent anywhere.</p></footer>`;
}

/** `namespace/name`, so that links to an Ingress hold in the next report; numbered where a name is no plain one. */
function uniqueIds(entries: readonly ReportEntry[]): readonly string[] {
  const given = new Set<string>();
  return entries.map(({ diagnosis: { ingress } }, index) => {
    const name = nameOf(ingress);
    const isPlain = /^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(name) && !given.has(name);
    given.add(name);
    return isPlain ? name : `ingress/${index}/`;
  });
}

function pageData(entries: readonly ReportEntry[], ids: readonly string[]): PageData {
  return entries.map(({ diagnosis, routeTable }, index) => ({
    id: ids[index] ?? "",
    name: cleanText(nameOf(diagnosis.ingress)),
    words: [
      ...new Set([
        ...diagnosis.routes.map(({ host }) => host),
        ...diagnosis.findings.flatMap(({ code, reason }) => [code, reason]),
        ...diagnosis.addresses,
      ]),
    ].map((word) => cleanText(word)),
    ...(routeTable === undefined ? {} : { routeTable }),
  }));
}
