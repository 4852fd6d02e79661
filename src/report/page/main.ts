import type { PageData } from "../page-data.ts";
import { startCopyButtons } from "./copy.ts";
import { startFilter } from "./filter.ts";
import { startOpening } from "./opening.ts";
import { applyTheme, startThemeButton } from "./theme.ts";
import { startUrlBoxes } from "./url-box.ts";

// Before the body is drawn, so that a chosen theme does not flash.
applyTheme();
document.addEventListener("DOMContentLoaded", () => {
  const data = JSON.parse(document.getElementById("page-data")?.textContent ?? "[]") as PageData;
  startThemeButton();
  startFilter(data);
  startUrlBoxes(data);
  startCopyButtons();
  startOpening();
});
