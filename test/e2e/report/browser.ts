import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { locateTool } from "../../tools/tools.ts";

/** A report open in Chromium. */
export interface OpenReport {
  readonly page: Page;
  /** Everything that should not happen: errors, console messages, policy violations, dialogs, requests. */
  readonly trouble: readonly string[];
}

/** A real Chromium that shows reports, from files without a network. */
export class ReportBrowser {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), "ingress-doctor-report-"));
  #count = 0;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<ReportBrowser> {
    const executablePath = locateTool("chromium");
    // A sandbox of its own Chromium refuses to make for root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return new ReportBrowser(await chromium.launch({ executablePath, args }));
  }

  /** Opens a report; the page's own policy is in force. */
  async open(html: string, options: BrowserContextOptions = {}): Promise<OpenReport> {
    this.#count += 1;
    const file = join(this.#folder, `report-${this.#count}.html`);
    writeFileSync(file, html);
    return this.#goto(pathToFileURL(file).href, { ...options, offline: true });
  }

  /** Opens a page that is served. */
  async visit(url: string): Promise<OpenReport> {
    return this.#goto(url, {});
  }

  async #goto(address: string, options: BrowserContextOptions): Promise<OpenReport> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on("console", (message) => trouble.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== address) trouble.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return { page, trouble };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Unfolds these Ingresses with all that is folded inside them, and waits for the boxes that come with them. */
export async function unfold(page: Page, ids: readonly string[]): Promise<void> {
  await page.evaluate((wanted) => {
    for (const id of wanted) {
      const details = document.getElementById(id);
      if (details === null) throw new Error(`there is no ${id}`);
      for (const one of [details, ...details.querySelectorAll("details")]) one.setAttribute("open", "");
    }
  }, ids);
  await page.waitForFunction(() => document.querySelector("details.ingress[open] .url-place:empty") === null);
}
