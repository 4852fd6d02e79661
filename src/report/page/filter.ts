import type { PageData } from "../page-data.ts";

/** Shows only the Ingresses that have a chosen verdict and every word that was typed. */
export function startFilter(data: PageData): void {
  const entries = [...document.querySelectorAll<HTMLElement>(".entry")].map((element, index) => ({
    element,
    verdict: element.dataset.verdict ?? "",
    text: searchText(element, data[index]?.words ?? []),
  }));
  const search = document.querySelector<HTMLInputElement>("#search");
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("button[data-verdict]")];

  const apply = () => {
    const verdicts = new Set(buttons.filter(isPressed).map(({ dataset }) => dataset.verdict));
    const words = (search?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, verdict, text } of entries) {
      const matches =
        (verdicts.size === 0 || verdicts.has(verdict)) && words.every((word) => text.includes(word));
      element.hidden = !matches;
      if (matches) shown += 1;
    }
    tell(shown, entries.length);
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isPressed(button)));
      apply();
    });
  }
  search?.addEventListener("input", apply);
  search?.form?.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector<HTMLElement>(".tools")?.removeAttribute("hidden");
  apply();
}

function searchText(element: HTMLElement, words: readonly string[]): string {
  return [element.querySelector("summary")?.textContent ?? "", ...words].join("\n").toLowerCase();
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.getAttribute("aria-pressed") === "true";
}

function tell(shown: number, all: number): void {
  const status = document.querySelector(".shown");
  if (status !== null) status.textContent = shown === all ? `${all} shown` : `${shown} of ${all} shown`;
  document.querySelector(".none")?.toggleAttribute("hidden", shown > 0 || all === 0);
}
