import type { Suppressed, Undecided } from "../diagnostics/diagnosis.ts";
import { counted } from "../diagnostics/text.ts";
import type { UnknownReason } from "../model/observed.ts";
import { type Html, html } from "./html.ts";

const REASONS: Readonly<Record<UnknownReason, string>> = {
  forbidden: "Reading it is forbidden",
  "not-synced": "It has not been read yet",
  "not-configured": "It was not asked for",
  offline: "Manifests do not show it",
  failed: "Reading it failed",
};

/** What could not be decided, and what would decide it; folded away, because it is no fault of the Ingress. */
export function openQuestions(undecided: readonly Undecided[]): Html | undefined {
  if (undecided.length === 0) return undefined;
  const items = undecided.map(
    ({ question, reason, needs }) =>
      html`<li>${question} <span class="quiet">${REASONS[reason]}; needs ${needs}.</span></li>`,
  );
  return html`<details class="fold"><summary>${counted(undecided.length, "question")} left open</summary><ul>${items}</ul></details>`;
}

/** What the owner of the Ingress chose to ignore. */
export function ignoredFindings(suppressed: readonly Suppressed[]): Html | undefined {
  if (suppressed.length === 0) return undefined;
  const items = suppressed.map(
    ({ code, note, until }) =>
      html`<li><span class="code">${code}</span> ${note} <span class="quiet">${until === undefined ? "no end" : `until ${until}`}</span></li>`,
  );
  return html`<details class="fold"><summary>${counted(suppressed.length, "finding")} ignored by annotation</summary><ul>${items}</ul></details>`;
}
