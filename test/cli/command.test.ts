import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { EXPECTATIONS } from "../demo/expectations.ts";
import { ingressDoctor } from "./command.ts";
import { documents, ingressYaml, serviceYaml } from "./inventories.ts";

vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

const KUSTOMIZE = "kustomize is not run here; pipe what it makes: kubectl kustomize ";

describe("diagnose -f", () => {
  test("finds in the examples what manifests can show, and nothing else", async () => {
    const { code, out, err } = await ingressDoctor(["diagnose", "-f", "examples", "-o", "json"]);
    expect(err.trimEnd()).toBe(
      `examples/kustomize/kustomization.yaml:3: ${KUSTOMIZE}examples/kustomize | ingress-doctor diagnose -f -`,
    );
    expect(code).toBe(1);
    const causes = JSON.parse(out).items.map((item: Item) => [item.metadata.name, item.status.cause?.code]);
    // What only pods and health checks show is undecided.
    const offline = new Set(["GID301", "GID401", "GID402", "GID403"]);
    const expected = EXPECTATIONS.map(({ ingress, cause = "" }) => [
      ingress,
      offline.has(cause) ? cause : undefined,
    ]);
    expect(Object.fromEntries(causes)).toEqual(Object.fromEntries(expected));
  });

  test("exits 0 on sound manifests from stdin, colourless off a terminal", async () => {
    const app = documents(ingressYaml("web", "web"), serviceYaml("web"));
    const { code, out, err } = await ingressDoctor(["diagnose", "-f", "-"], app);
    expect(err).toBe("");
    expect(out).toContain("default/web: Unknown  <stdin>:1\n  No fault in the manifests;");
    expect(out).not.toContain("\u001b");
    expect(code).toBe(0);
  });

  test("--fail-on warning is stricter", async () => {
    const args = ["diagnose", "-f", "examples/exact-path.yaml"];
    expect((await ingressDoctor(args)).code).toBe(0);
    expect((await ingressDoctor([...args, "--fail-on", "warning"])).code).toBe(1);
  });

  test("duplicates, unknown kinds and foreign files are notes on stderr", async () => {
    writeFileSync(join(folder, "a.yaml"), documents(ingressYaml("web", "web"), serviceYaml("web")));
    writeFileSync(
      join(folder, "b.yml"),
      documents(serviceYaml("web"), "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n"),
    );
    writeFileSync(join(folder, "values.yaml"), "replicas: 3\n");
    writeFileSync(
      join(folder, "kustomization.yaml"),
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    );
    const { code, out, err } = await ingressDoctor(["diagnose", "-f", folder, "-n", "shop"]);
    expect(code).toBe(0);
    expect(out).toContain("shop/web: Unknown");
    expect(err.replaceAll(folder, "").trimEnd().split("\n")).toEqual([
      `/kustomization.yaml:1: ${KUSTOMIZE} | ingress-doctor diagnose -f -`,
      "/values.yaml:1: not a Kubernetes object, because it lacks apiVersion or kind",
      "/b.yml:1: Service shop/web stands in /a.yaml:15 too; the last one counts",
    ]);
  });

  test("control characters of a manifest do not reach the terminal", async () => {
    const text = ingressYaml("NAME", "HOSTILE", "  labels: { note: HOSTILE }\n")
      .replace("name: NAME", 'name: "we\\u001b[31mb\\u009b0m\\u202e"')
      .replaceAll("HOSTILE", '"\\u001b[2J\\u0007|<script>`x`&]]>"');
    for (const output of ["text", "json", "yaml", "markdown", "sarif", "junit", "html"]) {
      const { out, err } = await ingressDoctor(["diagnose", "-f", "-", "-o", output], text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      expect(out + err, output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(out.length, output).toBeGreaterThan(50);
    }
  });
});

describe("failures end with 2 and one line that says what to do", () => {
  test.each([
    ["broken YAML", ["diagnose", "-f", "-"], "a: b: c\n", /<stdin>:1:4: /],
    ["a missing file", ["diagnose", "-f", "nope.yaml"], "", /nope\.yaml does not exist/],
    ["no Ingress", ["diagnose", "-f", "-"], serviceYaml("web"), /there is no Ingress among the manifests/],
    [
      "no such Ingress",
      ["diagnose", "x", "-f", "examples/healthy.yaml"],
      "",
      /no Ingress x .*there are shop/,
    ],
    ["no kubeconfig", ["diagnose"], "", /found no kubeconfig .*diagnose manifests with -f/],
    ["a contradiction", ["diagnose", "-A", "-n", "shop"], "", /-n and -A contradict/],
    ["a relative URL", ["route", "/cart", "-f", "examples"], "", /route needs an absolute http or https URL/],
    ["neither URL nor --all", ["route", "-f", "examples"], "", /route needs either a URL/],
    [
      "an unknown host",
      ["route", "http://x.test/", "-f", "examples/healthy.yaml", "-f", "examples/exact-path.yaml"],
      "",
      /no Ingress of GKE .* host x\.test/,
    ],
    ["an unknown rule", ["explain", "GID999"], "", /there is no rule GID999/],
  ])("%s", async (_, args, stdin, message) => {
    const { code, out, err } = await ingressDoctor(args, stdin);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(message);
    expect(err).toMatch(/^ingress-doctor: .*\n$/);
  });

  test("a stack is shown with --debug only", async () => {
    const { err } = await ingressDoctor(["diagnose", "-f", "nope.yaml", "--debug"]);
    expect(err).toMatch(/^ingress-doctor: nope\.yaml does not exist\n.*\n\s+at /);
  });

  test("usage errors end with 2, help and version with 0", async () => {
    expect((await ingressDoctor(["diagnose", "--output", "xml"])).code).toBe(2);
    expect(await ingressDoctor(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    const help = await ingressDoctor(["diagnose", "--help"]);
    expect(help.code).toBe(0);
    expect(help.out).toContain("Exit codes:");
  });
});

describe("route", () => {
  test("tells where a URL goes and why a rule that looks right does not take it", async () => {
    const { code, out } = await ingressDoctor(["route", "http://search.example.com/page", "-f", "examples"]);
    expect(code).toBe(1);
    expect(out).toContain("Expected answer: 404, written by GKE's default backend.");
    expect(out).toContain("Came close: path rule /");
  });

  test("names the backend that manifests give a URL", async () => {
    const { code, out } = await ingressDoctor([
      "route",
      "http://shop.example.com/",
      "-f",
      "examples",
      "-o",
      "json",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { ingress: { name: "shop" }, backend: { service: "shop" }, answer: "unknown" },
    ]);
  });

  test("--all shows every route", async () => {
    const { code, out } = await ingressDoctor(["route", "--all", "-f", "examples"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^INGRESS +HOST +PATH +TYPE +BACKEND +ANSWER +FINDING\n/);
    expect(out.trimEnd().split("\n")).toHaveLength(EXPECTATIONS.length + 1);
  });
});

describe("rules and explain", () => {
  test("explain shows the rule by code or by reason, in any case", async () => {
    const [byCode, byReason] = await Promise.all([
      ingressDoctor(["explain", "gid601"]),
      ingressDoctor(["explain", "HealthCheckFailing"]),
    ]);
    expect(byCode.out).toMatch(/^GID601 HealthCheckFailing {2}error\n/);
    expect(byCode.out).toMatch(/What to do\n[\s\S]*How to see it by hand\n {2}\$ kubectl/);
    expect(byReason.out).toBe(byCode.out);
  });

  test("rules filters by hop, severity and word", async () => {
    const args = ["rules", "--hop", "health", "--severity", "error", "--search", "firewall", "-o", "json"];
    const { out } = await ingressDoctor(args);
    const found = JSON.parse(out) as { code: string; severity: string }[];
    expect(found.length).toBeGreaterThan(0);
    for (const { code, severity } of found) expect([code.slice(0, 4), severity]).toEqual(["GID6", "error"]);
  });
});

describe("docs/cli.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/cli.md"), "utf8");
  const shown = [...page.matchAll(/```text\n\$ ingress-doctor (.*)\n([\s\S]*?)```/g)];

  test.each(shown.map(([, args = "", output = ""]) => [args, output]))(
    "shows what %s prints",
    async (args, output) => {
      expect((await ingressDoctor(args.split(" "))).out).toBe(output);
    },
  );
});

interface Item {
  readonly metadata: { readonly name: string };
  readonly status: { readonly cause?: { readonly code: string } };
}
