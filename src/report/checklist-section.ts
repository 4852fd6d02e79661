import type { ConditionType, Diagnosis, DiagnosisCondition } from "../diagnostics/diagnosis.ts";
import { type Html, html } from "./html.ts";
import { sign, type Tone } from "./signs.ts";

const QUESTIONS: Readonly<Record<ConditionType, string>> = {
  Ready: "Ready",
  Accepted: "Accepted by GKE",
  AddressAssigned: "Address assigned",
  RoutesResolved: "Routes resolved",
  EndpointsReady: "Endpoints ready",
  HealthChecksPassing: "Health checks passing",
  NegsSynced: "NEGs synced",
  Settled: "Settled",
};

const ANSWERS: Readonly<
  Record<DiagnosisCondition["status"], { readonly tone: Tone; readonly word: string }>
> = {
  True: { tone: "good", word: "yes" },
  False: { tone: "bad", word: "no" },
  Unknown: { tone: "unsure", word: "not known" },
};

/** The checklist a person would walk; `Ready`, which only sums it up, is left to the verdict. */
export function checklistSection({ conditions, summary, cause }: Diagnosis): Html {
  const steps = conditions
    .filter(({ type }) => type !== "Ready")
    .map((condition) =>
      // The cause stands above in full.
      step(
        cause !== undefined && condition.message === summary
          ? { ...condition, message: `${cause.code}, the most likely cause.` }
          : condition,
      ),
    );
  return html`<section><h4>Checklist</h4><ol class="checklist">${steps}</ol></section>`;
}

function step({ type, status, message }: DiagnosisCondition): Html {
  // Not settled yet is a state to wait for, not a fault.
  const { tone, word } =
    type === "Settled" && status === "False"
      ? ({ tone: "waiting", word: "not yet" } as const)
      : ANSWERS[status];
  return html`<li class="${tone}">${sign(tone)}<div><strong>${QUESTIONS[type]}<span class="unseen">: ${word}.</span></strong> <span class="says">${message}</span></div></li>`;
}
