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

/** Most Ingresses whose answer one box shows. */
const MAX_SHOWN = 5;

/** Makes the boxes say where a URL goes, with the engine's own code. */
export function startUrlBoxes(data: PageData): void {
  const general = document.querySelector<HTMLFormElement>(".tools form.url-box");
  if (general !== null) listen(general, (request) => answerOfAll(request, data));
  for (const details of document.querySelectorAll<HTMLDetailsElement>("details.ingress")) {
    details.addEventListener("toggle", () => addBox(details, data));
    if (details.open) addBox(details, data);
  }
}

/** Puts a box into an opened Ingress, once. */
function addBox(details: HTMLDetailsElement, data: PageData): void {
  const place = details.querySelector<HTMLElement>(".url-place:empty");
  const template = document.querySelector<HTMLTemplateElement>("template#url-box");
  const ingress = data.find(({ id }) => id === details.id);
  if (place === null || template === null || ingress === undefined) return;
  place.append(template.content.cloneNode(true));
  const [form, label, input] = [
    place.querySelector("form"),
    place.querySelector("label"),
    place.querySelector("input"),
  ];
  if (form === null || label === null || input === null) return;
  input.id = `${ingress.id}-url`;
  label.htmlFor = input.id;
  input.placeholder = place.dataset.example ?? "";
  listen(form, (request) => answerOfOne(request, ingress));
}

/** Answers what is typed into one box. */
function listen(form: HTMLFormElement, answer: (request: UrlRequest) => readonly HTMLElement[]): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    unmarkRows();
    const typed = form.querySelector("input")?.value.trim() ?? "";
    form.querySelector(".url-answer")?.replaceChildren(...(typed === "" ? [] : answerTo(typed, answer)));
  });
}

function answerTo(
  typed: string,
  answer: (request: UrlRequest) => readonly HTMLElement[],
): readonly HTMLElement[] {
  const parsed = parseRequestUrl(typed.includes("://") ? typed : `http://${typed}`);
  return parsed.ok
    ? answer(parsed.request)
    : [paragraph(`This needs an absolute http or https URL, ${parsed.problem}.`)];
}

function answerOfOne(request: UrlRequest, ingress: PageIngress): readonly HTMLElement[] {
  const followed = follow(request, [ingress]);
  for (const one of followed) markRow(one);
  return followed.map((one) => explanationPart(one, false));
}

/** Of the Ingresses that name the host best. */
function answerOfAll(request: UrlRequest, data: PageData): readonly HTMLElement[] {
  const closest = closestRoutes(follow(request, data));
  if (closest.length === 0) {
    return [paragraph(`No Ingress on this page has a rule for host ${cleanText(request.host)}.`)];
  }
  const parts = closest.slice(0, MAX_SHOWN).map((one) => explanationPart(one, true));
  const more = closest.length - parts.length;
  if (more > 0)
    parts.push(paragraph(`${more} more of them may take it as well; DNS decides which one does.`));
  return parts;
}

function follow(request: UrlRequest, ingresses: readonly PageIngress[]): readonly Followed[] {
  return ingresses.flatMap((ingress): Followed[] => {
    const { routeTable } = ingress;
    if (routeTable === undefined) return [];
    return [{ ingress, explanation: explainRoute(routeInputOf(routeTable), request) }];
  });
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

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

const markedRows: HTMLElement[] = [];

/** Marks the route that takes the request in the table below the box. */
function markRow({ ingress, explanation: { pathRule } }: Followed): void {
  const field = "source" in pathRule ? pathRule.source?.field : undefined;
  if (field === undefined) return;
  for (const row of document.getElementById(ingress.id)?.querySelectorAll<HTMLElement>("tr[data-field]") ??
    []) {
    if (row.dataset.field !== field) continue;
    row.setAttribute("aria-current", "true");
    markedRows.push(row);
  }
}

function unmarkRows(): void {
  for (const row of markedRows.splice(0)) row.removeAttribute("aria-current");
}
