import { counted } from "../diagnostics/text.ts";
import { backendsSection } from "./backends-section.ts";
import { checklistSection } from "./checklist-section.ts";
import type { ReportEntry } from "./entry.ts";
import { causeSection, hints, otherFindings } from "./finding-section.ts";
import { type Html, html } from "./html.ts";
import { ignoredFindings, openQuestions } from "./open-questions.ts";
import type { PathLayouts } from "./path-layout.ts";
import { pathSection } from "./path-section.ts";
import { routesSection } from "./routes-section.ts";
import { sign, VERDICT_TONES } from "./signs.ts";
import { type Origin, summaryFor } from "./summary.ts";

/** What the sections of one report share. */
export interface PageContext {
  readonly origin: Origin;
  readonly layouts: PathLayouts;
  /** Whether the details are shown from the start. */
  readonly open: boolean;
}

/** One Ingress: a line that says how it is, and all that is known of it folded under that. */
export function entrySection(entry: ReportEntry, id: string, context: PageContext): Html {
  const { diagnosis, backends, place } = entry;
  const cause = causeSection(diagnosis, id);
  const lead = cause ?? html`<p class="calm">${summaryFor(context.origin, diagnosis)}</p>`;
  return html`<div class="entry" role="listitem" data-verdict="${diagnosis.verdict}"><details class="ingress ${VERDICT_TONES[diagnosis.verdict]}" id="${id}"${context.open ? html` open` : undefined}>${headline(entry, context)}<div class="body">${place === undefined ? undefined : html`<p class="quiet place">${place}</p>`}${lead}${pathSection(entry, id, context.layouts)}${otherFindings(diagnosis, id)}${routesSection(entry)}<div class="columns">${checklistSection(diagnosis)}${backendsSection(backends, id)}</div><div>${hints(diagnosis, id)}${openQuestions(diagnosis.undecided)}${ignoredFindings(diagnosis.suppressed)}</div></div></details></div>`;
}

function headline({ diagnosis }: ReportEntry, { origin }: PageContext): Html {
  const { ingress, verdict, symptom, routes, cause } = diagnosis;
  const served = routes.filter(({ answer }) => answer === "served" || answer === "redirect").length;
  const facts = [
    ...(symptom === "none" ? [] : [symptom]),
    ...(cause === undefined ? [] : [cause.code]),
    ...(routes.length === 0 || origin === "manifests"
      ? []
      : [`${served} of ${counted(routes.length, "route")} served`]),
  ];
  return html`<summary><span class="verdict">${sign(VERDICT_TONES[verdict])}${verdict}</span><h3><span class="namespace">${ingress.namespace}/</span>${ingress.name}</h3><span class="facts">${facts.join(" · ")}</span><span class="gist">${summaryFor(origin, diagnosis)}</span></summary>`;
}
