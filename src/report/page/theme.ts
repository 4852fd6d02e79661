type Theme = "light" | "dark";

const KEY = "ingress-doctor-theme";

/** Shows the page in the theme that the reader chose last; without a choice in that of the system. */
export function applyTheme(): void {
  const theme = storedTheme();
  if (theme !== undefined) document.documentElement.dataset.theme = theme;
}

/** Lets the reader switch between light and dark. */
export function startThemeButton(): void {
  const button = document.querySelector<HTMLButtonElement>("button.theme");
  if (button === null) return;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const current = (): Theme => storedTheme() ?? shownTheme() ?? (system.matches ? "dark" : "light");
  const label = () => {
    button.textContent = current() === "dark" ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => {
    const next: Theme = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    store(next);
    label();
  });
  system.addEventListener("change", label);
  label();
  button.hidden = false;
}

function shownTheme(): Theme | undefined {
  return themeOf(document.documentElement.dataset.theme);
}

/** Storage is closed to some pages, for example in a sandbox. */
function storedTheme(): Theme | undefined {
  try {
    return themeOf(localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice then holds for this view only.
  }
}

function themeOf(value: string | null | undefined): Theme | undefined {
  return value === "light" || value === "dark" ? value : undefined;
}
