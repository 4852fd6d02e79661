import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { REPORT_POLICY, renderReport } from "../../src/report/render-report.ts";
import { snapshot } from "../support/builders.ts";
import { entryOf, manyEntries, manyRoutes, reportInput, threeZones } from "./samples.ts";

const page = renderReport(reportInput([entryOf(snapshot()), entryOf(threeZones()), entryOf(manyRoutes(5))]));
const many = renderReport(reportInput(manyEntries(500)));

describe("the page", () => {
  it("is the same for the same input", () => {
    const again = renderReport(
      reportInput([entryOf(snapshot()), entryOf(threeZones()), entryOf(manyRoutes(5))]),
    );
    expect(again).toBe(page);
  });

  it("allows only its own style and script, by their digests", () => {
    for (const element of ["style", "script"]) {
      const content = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page)?.[1] ?? "";
      const digest = createHash("sha256").update(content).digest("base64");
      expect(REPORT_POLICY).toContain(`${element}-src 'sha256-${digest}'`);
    }
    expect(REPORT_POLICY).not.toContain("unsafe");
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("names nothing outside of itself", () => {
    const markup = page.replace(/<(style|script)[\s\S]*?<\/\1>/g, "");
    const links = [...markup.matchAll(/\b(?:href|src|action|xlink:href)="([^"]*)"/g)].map(
      ([, to]) => to ?? "",
    );
    expect(links.filter((to) => !to.startsWith("#"))).toEqual([]);
    expect(markup).not.toMatch(/\s(style|on[a-z]+)="/);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it("gives each id once, and refers to none that is not there", () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id ?? "");
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...page.matchAll(/\s(?:aria-labelledby|for|data-copy)="([^"]*)"/g)].flatMap(
      ([, list]) => (list ?? "").split(" "),
    );
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("says when its objects were read", () => {
    expect(page).toContain('<time datetime="2026-11-23T12:00:00.000Z">2026-11-23 at 12:00 UTC</time>');
  });
});

describe("a report", () => {
  it("begins with the Ingresses to look at first", () => {
    const verdicts = [...many.matchAll(/<div class="entry" role="listitem" data-verdict="(\w+)"/g)].map(
      ([, verdict]) => verdict,
    );
    const order = ["Broken", "Degraded", "Progressing", "Unknown", "Healthy"];
    expect(verdicts).toHaveLength(500);
    expect(verdicts).toEqual(verdicts.toSorted((a, b) => order.indexOf(a ?? "") - order.indexOf(b ?? "")));
  });

  it("shows one Ingress unfolded, and more of them folded", () => {
    expect(renderReport(reportInput([entryOf(snapshot())]))).toMatch(/<details class="ingress [^>]* open>/);
    expect(page).not.toMatch(/<details class="ingress [^>]* open>/);
  });

  it("takes less than 20 kB for an Ingress, its share of the page included", () => {
    expect(many.length / 500).toBeLessThan(20_000);
  });

  it("shows what was found about Services that no Ingress uses", () => {
    const { findings } = entryOf(threeZones()).diagnosis;
    const services = [{ namespace: "shop", name: "standalone", findings }];
    const shown = renderReport({ ...reportInput([entryOf(snapshot())]), services });
    expect(shown).toContain("Services with NEGs that no Ingress uses");
    expect(shown).toContain('<span class="namespace">shop/</span>standalone</h3>');
    expect(shown.split("GID903").length).toBeGreaterThan(1);
    expect(page).not.toContain("Services with NEGs");
  });

  it("of no Ingress says so", () => {
    expect(renderReport(reportInput([]))).toContain("<h1>No Ingress of GKE</h1>");
  });

  it("offers no command that was shortened or made safe to show", () => {
    const entry = entryOf(threeZones());
    const [finding, ...others] = entry.diagnosis.findings;
    if (finding === undefined) throw new Error("the sample lost its findings");
    const pageOf = (command: string) => {
      const changed = { ...finding, fix: { summary: "Do it.", command } };
      const diagnosis = { ...entry.diagnosis, findings: [changed, ...others] };
      return renderReport(reportInput([{ ...entry, diagnosis }]));
    };
    expect(pageOf("kubectl get x")).toContain(">kubectl get x</code>");
    expect(pageOf("kubectl delete pods long-na…")).not.toContain("kubectl delete");
    expect(pageOf("kubectl delete pods a\\u{202e}b")).not.toContain("kubectl delete");
  });
});
