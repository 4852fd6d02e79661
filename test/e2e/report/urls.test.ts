import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { snapshotsOf as inventorySnapshots } from "../../../src/cli/inventory.ts";
import { readManifestFiles } from "../../../src/cli/manifest-files.ts";
import { readManifests } from "../../../src/cli/manifest-inventory.ts";
import { buildTopology } from "../../../src/diagnostics/build-topology.ts";
import { describeRoute } from "../../../src/diagnostics/describe-route.ts";
import { diagnose } from "../../../src/diagnostics/engine.ts";
import { parseRequestUrl } from "../../../src/diagnostics/request-url.ts";
import { explainRoute } from "../../../src/diagnostics/route.ts";
import { routeInput } from "../../../src/diagnostics/route-url.ts";
import { cleanText } from "../../../src/diagnostics/text.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { reportEntry } from "../../../src/report/entry.ts";
import { renderReport } from "../../../src/report/render-report.ts";
import { reportInput, scenarioSnapshots } from "../../report/samples.ts";
import { ReportBrowser, unfold } from "./browser.ts";

/** One URL and what the engine says of it. */
interface Expected {
  readonly url: string;
  readonly answer: string;
  readonly sentences: readonly string[];
}

let browser: ReportBrowser;
beforeAll(async () => {
  browser = await ReportBrowser.start();
});
afterAll(() => browser?.stop());

/** Hosts, paths, and what lies beside them, of whatever the Ingress writes; and URLs that are none. */
function urlsFor({ ingress }: Snapshot): readonly string[] {
  const hosts = ingress.rules.flatMap(({ host = "" }) => {
    const name = host === "" || host === "*" ? "any.invalid" : host.replace("*", "a");
    return [name, name.toUpperCase(), `www.${name}`, `${name}:8080`];
  });
  const paths = ingress.rules.flatMap((rule) =>
    (rule.paths ?? []).flatMap(({ path }) => {
      const stem = path.replace(/\/?\*$/, "");
      return [stem || "/", `${stem}/`, `${stem}/x?y=/z`, `${stem}x`, `${stem}//x/../%2e`];
    }),
  );
  const urls = new Set(["http://nobody.invalid/", "https://bücher.example/ä", "ftp://x/", "http:///x"]);
  for (const host of new Set(hosts)) {
    for (const path of new Set([...paths, "/", "/healthz", "/no/such"])) {
      for (const scheme of ["http", "https"]) urls.add(`${scheme}://${host}${path}`);
    }
  }
  return [...urls];
}

/** What the engine says of a URL. */
function expectedOf(sample: Snapshot): readonly Expected[] {
  const { findings } = diagnose(sample);
  const input = routeInput(buildTopology(sample), findings);
  return urlsFor(sample).map((url) => {
    const parsed = parseRequestUrl(url);
    if (!parsed.ok)
      return { url, answer: "", sentences: [`This needs an absolute http or https URL, ${parsed.problem}.`] };
    const explanation = explainRoute(input, parsed.request);
    return {
      url,
      answer: explanation.answer,
      sentences: describeRoute(explanation).map((one) => cleanText(one)),
    };
  });
}

/** Runs in the page: what the boxes say, an empty answer where they say that it is no URL. */
function typeIntoBoxes(asked: readonly { readonly id: string; readonly url: string }[]) {
  return asked.map(({ id, url }) => {
    const form = document.getElementById(id)?.querySelector<HTMLFormElement>("form.url-box");
    const box = form?.querySelector("input");
    if (!form || !box) return { answer: "no box", sentences: [] };
    box.value = url;
    form.requestSubmit();
    const answer = form.querySelector<HTMLElement>(".explained")?.dataset.answer ?? "";
    const said = form.querySelectorAll(answer === "" ? ".url-answer > p" : ".explained li");
    return { answer, sentences: [...said].map(({ textContent }) => textContent ?? "") };
  });
}

/** Types every URL into the box of its Ingress and reads what the page then says. */
async function disagreements(
  samples: readonly Snapshot[],
): Promise<{ asked: number; wrong: readonly string[] }> {
  const diagnosed = samples.map((sample, index) => {
    const diagnosis = diagnose(sample);
    const ingress = { ...diagnosis.ingress, namespace: "all", name: `web-${index}` };
    return {
      entry: reportEntry(sample, { ...diagnosis, ingress }),
      expected: expectedOf(sample),
      applicable: diagnosis.applicable,
    };
  });
  const { page, trouble } = await browser.open(
    renderReport(reportInput(diagnosed.map(({ entry }) => entry))),
  );
  const cases = diagnosed.flatMap(({ expected, applicable }, index) =>
    applicable ? [{ id: `all/web-${index}`, expected }] : [],
  );
  const asked = cases.flatMap(({ id, expected }) => expected.map((one) => ({ id, ...one })));
  await unfold(
    page,
    cases.map(({ id }) => id),
  );
  const said = await page.evaluate(
    typeIntoBoxes,
    asked.map(({ id, url }) => ({ id, url })),
  );
  const wrong = asked.flatMap(({ id, url, answer, sentences }, index) => {
    const ours = JSON.stringify([answer, sentences]);
    const theirs = JSON.stringify([said[index]?.answer, said[index]?.sentences]);
    return ours === theirs ? [] : [`${id} ${url}: engine ${ours}, page ${theirs}`];
  });
  expect(trouble).toEqual([]);
  await page.context().close();
  return { asked: asked.length, wrong };
}

/** As many Ingresses as a page shows unfolded without becoming slow. */
const PAGEFUL = 50;

const scenarios = scenarioSnapshots();

test.each(Array.from({ length: Math.ceil(scenarios.length / PAGEFUL) }, (_, index) => index * PAGEFUL))(
  "the box says of every URL of the scenarios from number %i on what the engine says",
  async (first) => {
    const { asked, wrong } = await disagreements(scenarios.slice(first, first + PAGEFUL));
    expect(asked).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  },
);

test("the box says of every URL of the examples what the engine says", async () => {
  const folder = join(import.meta.dirname, "../../../examples");
  const inventory = readManifests(
    await readManifestFiles([folder], process.stdin),
    "default",
    () => undefined,
  );
  const { asked, wrong } = await disagreements(inventorySnapshots(inventory, inventory.ingresses));
  expect(asked).toBeGreaterThan(300);
  expect(wrong).toEqual([]);
});

test("the box of the page finds the Ingress by its host, and marks the route that takes the request", async () => {
  const { page } = await browser.open(
    renderReport(
      reportInput(
        scenarioSnapshots()
          .slice(0, 30)
          .map((sample) => reportEntry(sample, diagnose(sample))),
      ),
    ),
  );
  await page.fill("#any-url", "https://nobody.invalid/");
  await page.press("#any-url", "Enter");
  await page.fill("#any-url", "img.example.com/static/logo.png");
  await page.press("#any-url", "Enter");
  const link = page.locator(".tools .explained a").first();
  const id = decodeURI((await link.getAttribute("href"))?.slice(1) ?? "");
  await link.click();
  const details = page.locator(`[id="${id}"]`);
  expect(await details.getAttribute("open")).not.toBeNull();
  await details.locator("form.url-box input").fill("http://img.example.com/static/logo.png");
  await details.locator("form.url-box button").click();
  const marked = details.locator("tr[aria-current]");
  expect(await marked.count()).toBe(1);
  expect(await marked.textContent()).toContain("/static");
  await page.context().close();
});
