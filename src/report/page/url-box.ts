import { closestRoutes } from "../../diagnostics/closest-routes.ts";
import { describeRoute } from "../../diagnostics/describe-route.ts";
import type { UrlRequest } from "../../diagnostics/gke/match-url.ts";
import { parseRequestUrl } from "../../diagnostics/request-url.ts";
import { explainRoute, type RouteExplanation } from "../../diagnostics/route.ts";
import { cleanText } from "../../diagnostics/text.ts";
import type { PageData, PageIngress } from "../page-data.ts";
import { routeInputOf } from "../route-table.ts";
import { openIngress } from "./opening.ts";

/** The way of one URL through one Ingress. */
interface Followed {
  readonly ingress: PageIngress;
  readonly explanation: RouteExplanation;
}

/** Makes the boxes say where a URL goes, with the engine's own code. */
export function startUrlBoxes(data: PageData): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form.url-box")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form, data);
    });
  }
}

function answer(form: HTMLFormElement, data: PageData): void {
  const typed = form.querySelector("input")?.value.trim() ?? "";
  const place = form.querySelector(".url-answer");
  if (place === null) return;
  const scope = form.dataset.scope ?? "";
  unmarkRows();
  const parsed = parseRequestUrl(typed.includes("://") ? typed : `http://${typed}`);
  if (typed === "") place.replaceChildren();
  else if (!parsed.ok)
    place.replaceChildren(paragraph(`This needs an absolute http or https URL, ${parsed.problem}.`));
  else {
    const followed = follow(parsed.request, scope, data);
    const parts = followed.map((one) => explanationPart(one, scope === ""));
    place.replaceChildren(...(parts.length > 0 ? parts : [paragraph(strangerText(parsed.request))]));
    if (scope !== "") for (const one of followed) markRow(one);
  }
}

/** Through one Ingress, or through those of all that name its host best. */
function follow(request: UrlRequest, scope: string, data: PageData): readonly Followed[] {
  const all = data.flatMap((ingress): Followed[] => {
    const { routeTable } = ingress;
    if (routeTable === undefined || (scope !== "" && ingress.id !== scope)) return [];
    return [{ ingress, explanation: explainRoute(routeInputOf(routeTable), request) }];
  });
  return scope === "" ? closestRoutes(all) : all;
}

function explanationPart({ ingress, explanation }: Followed, isNamed: boolean): HTMLElement {
  const part = document.createElement("div");
  part.className = `explained ${toneOf(explanation)}`;
  part.dataset.answer = explanation.answer;
  const title = document.createElement("p");
  title.className = "explained-title";
  const verdict = document.createElement("strong");
  verdict.textContent = answerTitle(explanation);
  title.append(verdict);
  if (isNamed) title.append(" at ", linkTo(ingress));
  const steps = document.createElement("ol");
  for (const text of describeRoute(explanation)) {
    const step = document.createElement("li");
    step.textContent = cleanText(text);
    steps.append(step);
  }
  part.append(title, steps);
  return part;
}

function linkTo({ id, name }: PageIngress): HTMLElement {
  const link = document.createElement("a");
  link.href = `#${encodeURI(id)}`;
  link.textContent = name;
  link.addEventListener("click", () => openIngress(id));
  return link;
}

const TITLES: Readonly<Record<RouteExplanation["answer"], string>> = {
  served: "Served",
  redirect: "Redirected",
  "404": "404",
  "502": "502",
  "503": "503",
  none: "No answer",
  unknown: "Answer not known",
};

function answerTitle({ answer, finding }: RouteExplanation): string {
  return finding === undefined ? TITLES[answer] : `${TITLES[answer]} (${finding})`;
}

function toneOf({ answer }: RouteExplanation): string {
  if (answer === "served" || answer === "redirect") return "good";
  return answer === "unknown" ? "unsure" : "bad";
}

function strangerText({ host }: UrlRequest): string {
  return `No Ingress on this page has a rule for host ${cleanText(host)}.`;
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/** Marks the route that takes the request in the table below the box. */
function markRow({ ingress, explanation: { pathRule } }: Followed): void {
  const field = "source" in pathRule ? pathRule.source?.field : undefined;
  if (field === undefined) return;
  for (const row of document.getElementById(ingress.id)?.querySelectorAll<HTMLElement>("tr[data-field]") ??
    []) {
    if (row.dataset.field === field) row.setAttribute("aria-current", "true");
  }
}

function unmarkRows(): void {
  for (const row of document.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
}
