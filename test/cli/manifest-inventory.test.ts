import { describe, expect, test } from "vitest";
import { documents, ingressYaml, manifests, reportOnManifests, serviceYaml } from "./inventories.ts";

describe("what manifests say", () => {
  test("a Service that is missing among others is a finding", () => {
    const [item] = reportOnManifests(documents(ingressYaml("web", "wbe"), serviceYaml("web"))).items;
    expect(item?.diagnosis.cause?.code).toBe("GID401");
  });

  test("without any Service nothing is said of Services", () => {
    const [item] = reportOnManifests(ingressYaml("web", "web")).items;
    expect(item?.diagnosis.findings).toEqual([]);
    expect(item?.diagnosis.verdict).toBe("Unknown");
    expect(item?.diagnosis.undecided).toContainEqual({
      question: "Do the Services the Ingress names exist, with the ports it names?",
      reason: "offline",
      needs: "a live cluster, or the manifests of its Services",
    });
  });

  test("a BackendConfig that is named and not among the manifests is undecided", () => {
    const service = serviceYaml("web").replace(
      "annotations: {",
      `annotations: { cloud.google.com/backend-config: '{"default": "web"}',`,
    );
    const [item] = reportOnManifests(documents(ingressYaml("web", "web"), service)).items;
    expect(item?.diagnosis.findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(item?.diagnosis.undecided.map(({ needs }) => needs)).toContain(
      "a live cluster, or the manifests of its BackendConfigs",
    );
  });

  test("a Pod counts only when a cluster has written it", () => {
    const pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: { app: web }\n";
    const app = [ingressYaml("web", "web"), serviceYaml("web")];
    const undecided = (text: string) =>
      reportOnManifests(text).items[0]?.diagnosis.undecided.some(({ question }) =>
        question.startsWith("Are the pods"),
      );
    expect(undecided(documents(...app, pod))).toBe(true);
    expect(undecided(documents(...app, `${pod}status: { phase: Running }\n`))).toBe(false);
  });

  test("a NodePort Service needs no node port, because the API server gives it one", () => {
    const service = serviceYaml("web")
      .replace(/ {2}annotations.*\n/, "")
      .replace("spec:", "spec:\n  type: NodePort");
    const [item] = reportOnManifests(documents(ingressYaml("web", "web"), service)).items;
    expect(item?.diagnosis.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("routes of a sound manifest have no known answer, and are not called unreachable", () => {
    const [item] = reportOnManifests(documents(ingressYaml("web", "web"), serviceYaml("web"))).items;
    expect(item?.diagnosis.routes.map(({ answer }) => answer)).toEqual(["unknown"]);
  });
});

describe("how manifests are read", () => {
  test("objects without a namespace get the one that is asked for", () => {
    const { inventory } = manifests(
      documents(ingressYaml("one", "web"), ingressYaml("two", "web", "  namespace: blog\n")),
    );
    expect(inventory.ingresses.map(({ ref }) => `${ref.namespace}/${ref.name}`)).toEqual([
      "blog/two",
      "shop/one",
    ]);
  });

  test("the last of two equal objects counts, and both places are named", () => {
    const { inventory, notes } = manifests(documents(ingressYaml("web", "old"), ingressYaml("web", "new")));
    expect(inventory.ingresses).toHaveLength(1);
    expect(inventory.ingresses[0]?.rules[0]?.paths?.[0]?.backend).toMatchObject({ service: "new" });
    expect(notes).toEqual(["app.yaml:15: Ingress shop/web stands in app.yaml:1 too; the last one counts"]);
  });

  test("Lists, typed lists and JSON are taken apart, each item with its line", () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: a }\n- ${ingressYaml("web", "web").trimEnd().replaceAll("\n", "\n  ")}\n`;
    const { inventory, notes } = manifests(list);
    expect(notes).toEqual(["not looked at: 1 ConfigMap (1 object)"]);
    expect(inventory.placeOf({ kind: "Ingress", namespace: "shop", name: "web" })).toMatchObject({
      file: "app.yaml",
      line: 7,
    });
    const typed = {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressList",
      items: [{ metadata: { name: "b" } }],
    };
    expect(manifests(JSON.stringify(typed)).inventory.ingresses[0]?.ref.name).toBe("b");
  });

  test("an Ingress of a version that is gone is named, not misread", () => {
    for (const version of ["extensions/v1beta1", "networking.k8s.io/v1beta1"]) {
      const { inventory, notes } = manifests(
        ingressYaml("web", "web").replace("networking.k8s.io/v1", version),
      );
      expect(inventory.ingresses).toEqual([]);
      expect(notes).toEqual([
        `app.yaml:1: Ingress web is of ${version}, which is not read; write it as networking.k8s.io/v1`,
      ]);
    }
  });

  test("what is no object is noted, and empty documents are nothing", () => {
    const { notes } = manifests(
      "replicas: 3\n---\n# nothing\n---\n- a\n---\nkind: Service\napiVersion: v1\n",
    );
    expect(notes).toEqual([
      "app.yaml:1: not a Kubernetes object, because it lacks apiVersion or kind",
      "app.yaml:5: not a Kubernetes object, because it lacks apiVersion or kind",
      "app.yaml:7: Service has no metadata.name, so it is left out",
    ]);
  });

  test("a template that happens to be YAML is noted as one", () => {
    const { notes } = manifests("apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n");
    expect(notes).toEqual([
      "app.yaml:1: Service has no metadata.name, so it is left out; this looks like a template, so render it first: helm template",
    ]);
  });

  test.each([
    ["a: [1, 2\nb: 3\n", /^app\.yaml:\d+:\d+: /],
    ["a: b: c\n", /^app\.yaml:1:4: /],
    ["ok: 1\n---\n{{- if .Values.on }}\na: b\n", /^app\.yaml:3:\d+: .*this looks like a template/],
    [
      `a: &a [x, x]\n${"bcdefghijklmnopq"
        .split("")
        .map((key, i) => `${key}: &${key} [*${"abcdefghijklmnop"[i]}, *${"abcdefghijklmnop"[i]}]\n`)
        .join("")}`,
      /^app\.yaml:1: Excessive alias count/,
    ],
  ])("%j is refused with its place", (text, message) => {
    expect(() => manifests(text)).toThrow(message);
  });
});
