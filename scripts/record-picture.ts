import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import { DemoCluster, NAMESPACE } from "../test/demo/demo-cluster.ts";
import { locateTool } from "../test/tools/tools.ts";
import { ROOT } from "./generator.ts";

/** The Ingress that is shown unfolded: all its pods are ready, and every request answers 502. */
const SHOWN = `${NAMESPACE}/checkout`;

/** As wide as a README shows pictures without shrinking the text too much. */
const WIDTH = 1180;

/** Diagnoses the demo's cluster as a person would, and answers the page. */
async function report(): Promise<string> {
  const cluster = await DemoCluster.start((line) => console.log(line));
  try {
    await cluster.install();
    await cluster.applyExamples();
    const { kubeconfig, googleEndpoint } = cluster;
    const source = ["-n", NAMESPACE, "--kubeconfig", kubeconfig, "--google-endpoint", googleEndpoint];
    return await ingressDoctor(["diagnose", ...source, "-o", "html"]);
  } finally {
    await cluster.stop();
  }
}

/** Not in step with this process, which is the load balancer; exit code 1 says that something was found. */
function ingressDoctor(args: readonly string[]): Promise<string> {
  const command = fileURLToPath(new URL("src/cli/main.ts", ROOT));
  const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) =>
      code === 1 ? resolve(output) : reject(new Error(`ingress-doctor ended with ${code} instead of 1`)),
    );
  });
}

/** The page from its top to the end of the picture of the path. */
async function draw(page: Page, file: string): Promise<void> {
  await page.fill("#search", SHOWN);
  await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)");
  const picture = await page.locator(`[id="${SHOWN}"]`).locator(".picture").boundingBox();
  if (picture === null) throw new Error(`${SHOWN} shows no picture`);
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.ceil(picture.y + picture.height + 16) };
  await page.screenshot({ path: file, clip, fullPage: true });
  console.log(`wrote ${file}`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-picture-"));
  const file = join(folder, "report.html");
  writeFileSync(file, await report());
  const images = fileURLToPath(new URL("docs/images/", ROOT));
  mkdirSync(images, { recursive: true });
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: locateTool("chromium"), args });
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const viewport = { width: WIDTH, height: 900 };
      const context = await browser.newContext({
        viewport,
        colorScheme,
        deviceScaleFactor: 2,
        offline: true,
      });
      const page = await context.newPage();
      await page.goto(`${pathToFileURL(file).href}#${SHOWN}`);
      await draw(page, join(images, colorScheme === "light" ? "report.png" : "report-dark.png"));
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

await main();
process.exit(0);
