import type { ExpectedAnswer, Verdict } from "../diagnostics/diagnosis.ts";
import { type Html, html } from "./html.ts";

/** What a sign tells: its shape and its colour go together, so that neither is needed alone. */
export type Tone = "good" | "bad" | "warning" | "waiting" | "unsure";

export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  Broken: "bad",
  Degraded: "warning",
  Progressing: "waiting",
  Unknown: "unsure",
  Healthy: "good",
};

/** Verdicts from the one to look at first. */
export const VERDICTS = Object.keys(VERDICT_TONES) as readonly Verdict[];

export const ANSWER_TONES: Readonly<Record<ExpectedAnswer, Tone>> = {
  served: "good",
  redirect: "good",
  "404": "bad",
  "502": "bad",
  "503": "bad",
  none: "bad",
  unknown: "unsure",
};

/** A sign of one tone, without a meaning of its own: a word stands next to it. */
export function sign(tone: Tone): Html {
  return html`<svg class="sign" viewBox="0 0 20 20" aria-hidden="true"><use href="#sign-${tone}"/></svg>`;
}

/** A word with its sign, in the tone's colour. */
export function chip(tone: Tone, word: string): Html {
  return html`<span class="chip ${tone}">${sign(tone)}${word}</span>`;
}

/** The shapes that {@link sign} uses; once a page. */
export function signShapes(): Html {
  return html`<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false"><symbol id="sign-good" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/><path d="M6 10.4l2.8 2.8L14 7.4"/></symbol><symbol id="sign-bad" viewBox="0 0 20 20"><path class="shape" d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z"/><path d="M7 7l6 6M13 7l-6 6"/></symbol><symbol id="sign-warning" viewBox="0 0 20 20"><path class="shape" d="M10 1.8l8.6 15.4H1.4z"/><path d="M10 7.4v4.4M10 14.4v.5"/></symbol><symbol id="sign-waiting" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/><path d="M10 5.4V10l3.2 2"/></symbol><symbol id="sign-unsure" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8.5"/><path d="M7.6 7.8a2.5 2.5 0 1 1 3.5 2.3q-1.1.4-1.1 1.6M10 14.3v.4"/></symbol></svg>`;
}
