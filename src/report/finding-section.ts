import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Finding, Subject } from "../diagnostics/finding.ts";
import { counted } from "../diagnostics/text.ts";
import { type Html, html, joined, preformatted } from "./html.ts";
import { chip, type Tone } from "./signs.ts";

/** Most findings one Ingress shows. */
const MAX_FINDINGS = 60;

const SEVERITY: Readonly<Record<Finding["severity"], { readonly tone: Tone; readonly word: string }>> = {
  error: { tone: "bad", word: "Error" },
  warning: { tone: "warning", word: "Warning" },
  info: { tone: "unsure", word: "Hint" },
};

/** The most likely cause with its fix, and under it what follows from it; nothing without a cause. */
export function causeSection({ findings, cause }: Diagnosis, id: string): Html | undefined {
  const found = findings.find(({ code }) => code === cause?.code);
  if (found === undefined) return undefined;
  const follows = findings.filter(({ causedBy }) => causedBy === found.code).slice(0, MAX_FINDINGS);
  return html`<section class="cause ${SEVERITY[found.severity].tone}"><h4>Most likely cause</h4><p class="message">${found.message}</p>${origin(found)}${fix(found, `${id}-fix`)}</section>${followers(follows)}`;
}

/** Faults that the cause does not explain. */
export function otherFindings({ findings, cause }: Diagnosis, id: string): Html | undefined {
  const first = findings.find(({ code }) => code === cause?.code);
  const faults = findings.filter(
    (finding) => finding !== first && finding.causedBy === undefined && finding.severity !== "info",
  );
  if (faults.length === 0) return undefined;
  return html`<section><h4>${cause === undefined ? "Findings" : "Also found"}</h4>${findingArticles(faults, `${id}-fault`)}</section>`;
}

/** Findings that break nothing, folded away. */
export function hints({ findings }: Diagnosis, id: string): Html | undefined {
  const some = findings.filter(({ severity }) => severity === "info");
  if (some.length === 0) return undefined;
  return html`<details class="fold"><summary>${counted(some.length, "hint")} that ${some.length === 1 ? "breaks" : "break"} nothing</summary>${findingArticles(some, `${id}-hint`)}</details>`;
}

/** Findings one under the other; those beyond a limit are counted. `id` begins the ids inside. */
export function findingArticles(findings: readonly Finding[], id: string): Html {
  const shown = findings.slice(0, MAX_FINDINGS).map((finding, index) => article(finding, `${id}-${index}`));
  const cut = findings.length - shown.length;
  const rest = cut === 0 ? html`` : html`<p class="quiet">${counted(cut, "more finding")} left out.</p>`;
  return joined([...shown, rest]);
}

function followers(follows: readonly Finding[]): Html | undefined {
  if (follows.length === 0) return undefined;
  const items = follows.map(
    ({ code, reason, message }) => html`<li><span class="code">${code} ${reason}</span> ${message}</li>`,
  );
  return html`<section class="follows"><h5>Follows from it</h5><ul>${items}</ul></section>`;
}

function article(finding: Finding, id: string): Html {
  const { tone, word } = SEVERITY[finding.severity];
  return html`<article class="finding"><p class="message">${chip(tone, word)} ${finding.message}</p>${origin(finding)}${fix(finding, id)}</article>`;
}

function origin({ code, reason, subject, settling }: Finding): Html {
  return html`<p class="origin"><span class="code">${code} ${reason}</span> ${subjectText(subject)}${settling ? "; time alone may cure it" : ""}</p>`;
}

function subjectText({ kind, namespace, name, fieldPath }: Subject): string {
  const object = `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  return fieldPath === undefined ? object : `${object}, ${fieldPath}`;
}

function fix({ fix: { summary, command, patch }, code }: Finding, id: string): Html {
  return html`<div class="fix"><p><strong>Fix</strong> ${summary}</p>${copyable(command, { id: `${id}-command`, what: `command for ${code}` })}${
    command === undefined || patch === undefined
      ? copyable(patch, { id: `${id}-patch`, what: `change for ${code}` })
      : html`<details class="fold"><summary>The same change as YAML</summary>${copyable(patch, { id: `${id}-patch`, what: `change for ${code}` })}</details>`
  }</div>`;
}

/** What was shortened or had to be made safe to show is no longer what is to be run, so it is not offered. */
function copyable(
  text: string | undefined,
  { id, what }: { readonly id: string; readonly what: string },
): Html | undefined {
  if (text === undefined || text.endsWith("…") || text.includes("\\u{")) return undefined;
  return html`<div class="snippet"><pre><code id="${id}">${preformatted(text.trimEnd())}</code></pre><button type="button" class="copy" data-copy="${id}" hidden>Copy<span class="unseen"> the ${what}</span></button></div>`;
}
