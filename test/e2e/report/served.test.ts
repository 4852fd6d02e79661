import { afterAll, beforeAll, expect, test } from "vitest";
import type { BoundedServer } from "../../../src/http/bounded-server.ts";
import { ClusterReport } from "../../../src/page/cluster-report.ts";
import { startPageServer } from "../../../src/page/page-server.ts";
import { ingress } from "../../support/builders.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";
import { violations } from "./axe.ts";
import { ReportBrowser } from "./browser.ts";

const TOKEN = "ann";

let browser: ReportBrowser;
let server: BoundedServer;
beforeAll(async () => {
  browser = await ReportBrowser.start();
  const cluster = new MemoryCluster();
  cluster.put("ingresses", ingress());
  const sources = { listers: cluster.listers, sharing: () => [] };
  server = await startPageServer({
    host: "127.0.0.1",
    port: 0,
    access: {
      check: async (token) =>
        token === TOKEN ? { kind: "granted", mayRead: () => true } : { kind: "refused" },
    },
    report: new ClusterReport({ sources, owns: () => true, clock: { now: () => Date.UTC(2026, 10, 23) } }),
    failed: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await server?.stop();
  await browser?.stop();
});

test("somebody signs in by keyboard, a wrong token first, and reads the report", async () => {
  const { page, trouble } = await browser.visit(`http://127.0.0.1:${server.port}/`);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("does not know this token");
  expect(await violations(page)).toEqual([]);

  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.locator("details.ingress").waitFor();
  expect(await page.locator("h1").textContent()).toContain("Ingress");
  await page.getByRole("textbox", { name: "Follow a URL", exact: true }).fill("http://shop.example.com/");
  await page.keyboard.press("Enter");
  await page.locator(".url-answer").first().getByText("shop.example.com").first().waitFor();
  expect(page.url()).not.toContain(TOKEN);
  // A browser reports an answer of 401 by itself.
  expect(trouble.filter((line) => !line.includes("401"))).toEqual([]);
});
