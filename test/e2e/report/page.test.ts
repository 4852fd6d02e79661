import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReportEntry } from "../../../src/report/entry.ts";
import { renderReport } from "../../../src/report/render-report.ts";
import { entryOf, manyEntries, manyRoutes, reportInput, threeZones } from "../../report/samples.ts";
import { violations } from "./axe.ts";
import { ReportBrowser, unfold } from "./browser.ts";

let browser: ReportBrowser;
let entries: readonly ReportEntry[];
let few: string;
let many: string;
beforeAll(async () => {
  browser = await ReportBrowser.start();
  entries = manyEntries(500);
  many = renderReport(reportInput(entries));
  few = renderReport(reportInput([entryOf(threeZones()), entryOf(manyRoutes(12)), ...ofEachVerdict()]));
});
afterAll(() => browser?.stop());

/** One Ingress of each verdict that the scenarios show. */
function ofEachVerdict(): readonly ReportEntry[] {
  return [...Map.groupBy(entries, ({ diagnosis }) => diagnosis.verdict).values()].flatMap(
    ([first]) => first ?? [],
  );
}

function allIds(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [...document.querySelectorAll("details.ingress")].map(({ id }) => id));
}

/** How far the page reaches out of the window to the right, in pixels. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

describe("axe finds no violation", () => {
  test.each([
    { name: "in light", colorScheme: "light", width: 1280 },
    { name: "in dark", colorScheme: "dark", width: 1280 },
    { name: "at 360 px", colorScheme: "light", width: 360 },
    { name: "at 360 px in dark", colorScheme: "dark", width: 360 },
  ] as const)("$name", async ({ colorScheme, width }) => {
    const { page, trouble } = await browser.open(few, { colorScheme, viewport: { width, height: 900 } });
    await unfold(page, await allIds(page));
    expect(await violations(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  test("with an explained URL, a filter and a printer", async () => {
    const { page } = await browser.open(few);
    await page.fill("#any-url", "http://host-1.example.com/x");
    await page.press("#any-url", "Enter");
    await page.click("button[data-verdict=Broken]");
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ media: "print" });
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  test("with 500 Ingresses", async () => {
    const { page, trouble } = await browser.open(many);
    const ids = await allIds(page);
    expect(ids).toHaveLength(500);
    await unfold(
      page,
      [0, 250, 499].map((index) => ids[index] ?? ""),
    );
    // Nobody meets what is folded away, but axe would walk its 130,000 elements for minutes.
    await page.evaluate(() => {
      for (const body of document.querySelectorAll("details.ingress:not([open]) > .body")) body.remove();
    });
    expect(await violations(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});

describe("500 Ingresses", () => {
  test("are found by name, host and code, and filtered by verdict", async () => {
    const { page, trouble } = await browser.open(many);
    const shown = () => page.locator(".entry:not([hidden])").count();
    const status = page.locator(".shown");
    expect(await status.textContent()).toBe("500 shown");
    await page.fill("#search", "web-123");
    expect(await shown()).toBe(1);
    expect(await status.textContent()).toBe("1 of 500 shown");
    await page.fill("#search", "gid401 shop");
    const about401 = entries.filter(({ diagnosis }) =>
      diagnosis.findings.some(({ code }) => code === "GID401"),
    );
    expect(about401.length).toBeGreaterThan(0);
    expect(await shown()).toBe(about401.length);
    await page.fill("#search", "");
    await page.click("button[data-verdict=Healthy]");
    expect(await shown()).toBe(entries.filter(({ diagnosis }) => diagnosis.verdict === "Healthy").length);
    await page.fill("#search", "no such name");
    expect(await page.locator("p.none").isVisible()).toBe(true);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  test("a link opens the Ingress it names", async () => {
    const { page } = await browser.open(many);
    await page.evaluate(() => {
      location.hash = "#shop/web-321";
    });
    await expect
      .poll(() => page.evaluate(() => document.getElementById("shop/web-321")?.hasAttribute("open")))
      .toBe(true);
    await page.context().close();
  });
});

describe("a keyboard", () => {
  test("reaches everything in reading order, each with a visible focus", async () => {
    const { page } = await browser.open(few);
    const walked: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null) return { name: "", outline: "" };
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const name = element.id || element.textContent?.trim().slice(0, 40) || element.tagName;
        return { name, outline: `${outlineStyle} ${outlineWidth}` };
      });
      expect(focus.outline, focus.name).toBe("solid 2px");
      walked.push(focus.name);
    }
    expect(walked.slice(0, 2)).toEqual(["Skip to the Ingresses", "Dark theme"]);
    expect(walked).toContain("search");
    expect(walked.indexOf("any-url")).toBe(walked.indexOf("search") + 1);
    expect(walked.at(-1)).toMatch(/Broken|Degraded/);
    await page.context().close();
  });

  test("unfolds an Ingress, copies its command and follows a URL", async () => {
    const { page } = await browser.open(few, { permissions: ["clipboard-read", "clipboard-write"] });
    const ingress = page.locator("details.ingress", { has: page.locator("button.copy") }).first();
    await ingress.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    const button = ingress.locator("button.copy").first();
    await button.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => button.textContent()).toMatch(/^Copied/);
    const command = await ingress.locator(".snippet code").first().textContent();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    expect(await page.locator("#announcer").textContent()).toBe("Copied.");
    const box = ingress.locator("form.url-box input");
    await box.focus();
    await page.keyboard.type("shop.example.com/");
    await page.keyboard.press("Enter");
    await expect.poll(() => ingress.locator(".explained ol li").count()).toBeGreaterThan(1);
    await page.context().close();
  });
});

describe("the copy button", () => {
  test("works without a clipboard API, and selects the text where nothing works", async () => {
    const { page, trouble } = await browser.open(few);
    const ids = await allIds(page);
    await unfold(page, ids);
    const button = page.locator("button.copy").first();
    const command = await page.locator(".snippet code").first().textContent();
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.addEventListener("copy", () => {
        document.documentElement.dataset.copied = String(getSelection());
      });
    });
    await button.click();
    await expect.poll(() => button.textContent()).toMatch(/^Copied/);
    expect(await page.evaluate(() => document.documentElement.dataset.copied)).toBe(command);
    await page.evaluate(() => {
      document.execCommand = () => false;
    });
    await button.click();
    await expect.poll(() => button.textContent()).toMatch(/^Press Ctrl\+C/);
    expect(await page.evaluate(() => String(getSelection()))).toBe(command);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});

describe("the theme", () => {
  test("follows the system, until the reader chooses", async () => {
    const { page } = await browser.open(few, { colorScheme: "dark" });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    const button = page.locator("button.theme");
    expect(await button.textContent()).toBe("Light theme");
    await button.click();
    const light = await background();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await background()).toBe(light);
    await button.click();
    expect(await background()).toBe(dark);
    await page.context().close();
  });
});

test("a report that is printed shows every faulty Ingress unfolded, and folds it again", async () => {
  const { page } = await browser.open(few);
  const open = () => page.locator("details.ingress[open]").count();
  expect(await open()).toBe(0);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const faulty = await page.locator(".entry:is([data-verdict=Broken],[data-verdict=Degraded])").count();
  expect(faulty).toBeGreaterThan(1);
  expect(await open()).toBe(faulty);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  expect(await open()).toBe(0);
  await page.context().close();
});

test("without scripts the report still tells everything, and shows no control that does nothing", async () => {
  const { page } = await browser.open(few, { javaScriptEnabled: false });
  expect(
    await page.locator("button.copy, button.theme, .tools, form.url-box").filter({ visible: true }).count(),
  ).toBe(0);
  await page.locator("details.ingress > summary").first().click();
  expect(await page.locator("details.ingress svg.path").first().isVisible()).toBe(true);
  await page.context().close();
});
