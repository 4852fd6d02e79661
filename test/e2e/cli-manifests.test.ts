import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ingressDoctor } from "../cli/command.ts";
import { documents, ingressYaml, serviceYaml } from "../cli/inventories.ts";
import { locateBinaries } from "../controlplane/binaries.ts";
import { locateTool } from "../tools/tools.ts";

const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-manifests-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file below the test's folder and answers its path. */
function file(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const MEBIBYTE = 1024 * 1024;

describe("what tools print", () => {
  file("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
  file("chart/values.yaml", "service: shop\nbackend: shop\n");
  const template = file(
    "chart/templates/all.yaml",
    `{{- if .Values.service }}
${documents(ingressYaml("web", "{{ .Values.backend }}"), serviceYaml("{{ .Values.service }}"))}{{- end }}
`,
  );

  test("helm template is read, and its values decide", async () => {
    const render = (...args: readonly string[]) =>
      execFileSync(locateTool("helm"), ["template", join(folder, "chart"), ...args], { encoding: "utf8" });
    const sound = await ingressDoctor(["diagnose", "-f", "-"], render());
    expect(sound).toMatchObject({ code: 0, err: "" });
    const broken = await ingressDoctor(["diagnose", "-f", "-"], render("--set", "backend=shpo"));
    expect(broken.code).toBe(1);
    expect(broken.out).toContain("Name Service shop instead of shpo.");
  });

  test("a chart that was not rendered is named as such", async () => {
    const { code, err } = await ingressDoctor(["diagnose", "-f", template]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /all\.yaml:\d+:\d+: .*; this looks like a template, so render it first: helm template\n$/,
    );
  });

  test("kubectl kustomize is read with what it changes", async () => {
    file("base/kustomization.yaml", "resources: [web.yaml]\n");
    file("base/web.yaml", documents(ingressYaml("web", "web"), serviceYaml("web")));
    const overlay = "resources: [../base]\nnamespace: prod\nnamePrefix: eu-\n";
    file("overlay/kustomization.yaml", overlay);
    const { kubectl = "kubectl" } = await locateBinaries();
    const printed = execFileSync(kubectl, ["kustomize", join(folder, "overlay")], { encoding: "utf8" });
    const { code, out } = await ingressDoctor(["diagnose", "-f", "-"], printed);
    expect(code).toBe(0);
    expect(out).toContain("prod/eu-web: Unknown");
    expect(out).toContain("eu-web:80");
  });
});

describe("odd manifests", () => {
  test("a megabyte is read whole", async () => {
    const names = Array.from({ length: 1_200 }, (_, index) => `app-${index}`);
    const yaml = documents(
      ...names.flatMap((name) => [ingressYaml(name, name), serviceYaml(name)]),
      ingressYaml("last", "nowhere"),
    );
    const padded = `${yaml}# ${"x".repeat(Math.max(0, MEBIBYTE - yaml.length))}\n`;
    expect(padded.length).toBeGreaterThanOrEqual(MEBIBYTE);
    const { code, out, err } = await ingressDoctor(["diagnose", "-f", "-", "-o", "json"], padded);
    expect(err).toBe("");
    expect(code).toBe(1);
    const { items } = JSON.parse(out);
    expect(items).toHaveLength(names.length + 1);
    const broken = items.filter(({ status }: Item) => status.cause !== undefined);
    expect(broken.map(({ metadata }: Item) => metadata.name)).toEqual(["last"]);
  });

  test.each([
    ["a mapping inside a mapping", "kind: Service\na: b: c\n", "2:4"],
    ["a tab as indentation", "metadata:\n\tname: x\n", "2:1"],
    ["a bracket that stays open", "spec: [1, 2\n", "2:1"],
    ["the second document", `${serviceYaml("web")}---\n}\n`, "10:1"],
  ])("%s is named with line and column", async (_, yaml, place) => {
    const path = file("broken.yaml", yaml);
    const { code, out, err } = await ingressDoctor(["diagnose", "-f", path]);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(`ingress-doctor: ${path}:${place}: `);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each([
    ["nothing", ""],
    ["comments", "# nothing\n---\n# here\n"],
    ["null", "null\n"],
  ])("%s is no Ingress", async (_, yaml) => {
    const { code, err } = await ingressDoctor(["diagnose", "-f", "-"], yaml);
    expect(code).toBe(2);
    expect(err).toBe(
      "ingress-doctor: there is no Ingress among the manifests: name the files that hold one\n",
    );
  });

  test("of duplicates the last counts, and unknown kinds are counted", async () => {
    const yaml = documents(
      ingressYaml("web", "absent"),
      serviceYaml("web"),
      ingressYaml("web", "web"),
      "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\n",
    );
    const { code, out, err } = await ingressDoctor(["diagnose", "-f", "-"], yaml);
    expect(code).toBe(0);
    expect(out).toContain("1 Ingress: 1 Unknown");
    expect(err).toContain("Ingress default/web stands in <stdin>:1 too; the last one counts");
    expect(err).toContain("not looked at: 1 Widget (1 object)");
  });

  test("files and stdin are read together", async () => {
    const path = file("service.yaml", serviceYaml("web"));
    const { code, out } = await ingressDoctor(["diagnose", "-f", path, "-f", "-"], ingressYaml("web", "web"));
    expect(out).toContain("default/web: Unknown  <stdin>:1");
    expect(code).toBe(0);
  });
});

interface Item {
  readonly metadata: { readonly name: string };
  readonly status: { readonly cause?: object };
}
