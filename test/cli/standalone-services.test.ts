import { expect, test } from "vitest";
import { resourceList } from "../../src/cli/render/data.ts";
import { renderJunit } from "../../src/cli/render/junit.ts";
import { renderMarkdown } from "../../src/cli/render/markdown.ts";
import { renderSarif } from "../../src/cli/render/sarif.ts";
import { renderText } from "../../src/cli/render/text.ts";
import { exitCodeOf, reportOn } from "../../src/cli/report.ts";
import { standaloneServices } from "../../src/cli/standalone-services.ts";
import { plain } from "../../src/cli/terminal.ts";
import { ingressDoctor } from "./command.ts";
import { documents, ingressYaml, manifests, serviceYaml } from "./inventories.ts";

/** A Service that asks for a standalone NEG of a port, in an annotation written by hand. */
function exposing(name: string, annotation: string): string {
  return serviceYaml(name).replace(`'{"ingress": true}'`, `'${annotation}'`);
}

const BROKEN = exposing("mesh", '{"exposed_ports": {"80": }');

function reportIn(text: string) {
  const { inventory } = manifests(text);
  const services = standaloneServices(inventory);
  return { ...reportOn(inventory, inventory.ingresses, false), services };
}

test("a Service whose standalone NEGs cannot be made is told of in every format", () => {
  const report = reportIn(documents(ingressYaml("web", "web"), serviceYaml("web"), BROKEN));
  const text = renderText(report, { width: 100, paint: plain, hints: false });
  expect(text).toContain("Service shop/mesh, used by no Ingress: Broken (no-neg)  app.yaml:");
  expect(text).toMatch(/\n {2}Cause: {2}.*\[GID405/s);
  expect(text).toContain("; 1 Service with NEGs that no Ingress uses");
  expect(resourceList(report)).toMatchObject({
    items: [{ metadata: { name: "web" } }],
    services: [{ namespace: "shop", name: "mesh", verdict: "Broken", cause: { code: "GID405" } }],
  });
  expect(renderMarkdown(report)).toContain("## Service shop/mesh: Broken");
  expect(renderJunit(report)).toMatch(/<testcase classname="shop" name="Service mesh">\n +<failure /);
  const [{ results }] = JSON.parse(renderSarif(report)).runs;
  const found = results.find(({ ruleId }: { ruleId: string }) => ruleId === "GID405");
  expect(found.locations[0].physicalLocation.artifactLocation.uri).toBe("app.yaml");
  expect(exitCodeOf(report, "error")).toBe(1);
});

test("a sound Service is not mentioned, nor one that an Ingress uses", () => {
  const used = exposing("web", '{"exposed_ports": {"80": }');
  for (const text of [
    exposing("mesh", '{"exposed_ports": {"80": {}}}'),
    documents(ingressYaml("web", "web"), used),
  ])
    expect(reportIn(text).services).toEqual([]);
});

test("it is diagnosed where there is no Ingress at all", { timeout: 30_000 }, async () => {
  const { code, out, err } = await ingressDoctor(["diagnose", "-f", "-"], BROKEN);
  expect(err).toBe("");
  expect(out).toMatch(/^Service default\/mesh, used by no Ingress: Broken/);
  expect(code).toBe(1);
});
