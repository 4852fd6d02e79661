import type { Verdict } from "../diagnostics/diagnosis.ts";
import type { ReportEntry } from "./entry.ts";
import { type Html, html } from "./html.ts";
import { sign, VERDICT_TONES, VERDICTS } from "./signs.ts";
import { urlBox } from "./url-box.ts";

/** How many Ingresses have each verdict, and what finds one of them. */
export function overview(entries: readonly ReportEntry[]): Html {
  const counts = VERDICTS.map((verdict) => ({
    verdict,
    count: entries.filter(({ diagnosis }) => diagnosis.verdict === verdict).length,
  }));
  return html`<section class="overview" aria-labelledby="overview"><h2 id="overview" class="unseen">Overview</h2>${bar(counts)}<div class="counts" role="group" aria-label="Show only these verdicts">${counts.map(countButton)}</div><div class="tools" hidden><form class="search" role="search"><label for="search">Find an Ingress</label><div class="row"><input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Name, namespace, host or code"></div></form>${urlBox()}</div></section>`;
}

interface Count {
  readonly verdict: Verdict;
  readonly count: number;
}

function countButton({ verdict, count }: Count): Html {
  const tone = VERDICT_TONES[verdict];
  return html`<button type="button" class="count-of ${tone}" data-verdict="${verdict}" aria-pressed="false"${count === 0 ? html` disabled` : undefined}><span class="number">${count}</span><span class="word">${sign(tone)}${verdict}</span></button>`;
}

/** Shares of the verdicts; the buttons below say the same in numbers. */
function bar(counts: readonly Count[]): Html {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  let at = 0;
  const parts = counts.map(({ verdict, count }) => {
    const width = total === 0 ? 0 : (count / total) * 1000;
    const part = html`<rect class="${VERDICT_TONES[verdict]}" x="${at}" width="${Math.max(width - 2, 0)}" height="8"/>`;
    at += width;
    return count === 0 ? html`` : part;
  });
  return html`<svg class="shares" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}
