import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { COMMAND_LINE } from "../built/program.ts";
import { TestClient } from "../controlplane/client.ts";
import { writeKubeconfig } from "../controlplane/kubeconfig.ts";
import { applyManifests } from "../controlplane/manifests.ts";
import { createNamespace } from "../controlplane/namespace.ts";
import { ingressManifest } from "./reconciler/cluster.ts";

/** The one function of the package bash-completion that the script needs, in its simplest form. */
const BASH_COMPLETION = `
_get_comp_words_by_ref() { cur=\${COMP_WORDS[COMP_CWORD]}; prev=\${COMP_WORDS[COMP_CWORD-1]}; words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
compopt() { :; }`;

const folder = mkdtempSync(join(tmpdir(), "ingress-doctor-completion-"));
const kubeconfig = join(folder, "kubeconfig");
let namespace: string;

beforeAll(async () => {
  writeFileSync(join(folder, "ingress-doctor"), `#!/bin/sh\nexec node ${COMMAND_LINE} "$@"\n`, {
    mode: 0o755,
  });
  const connection = inject("controlPlane");
  const client = new TestClient(connection);
  namespace = await createNamespace(client, "complete");
  await applyManifests(client, [ingressManifest(namespace, "shop"), ingressManifest(namespace, "search")]);
  writeKubeconfig(kubeconfig, connection, namespace);
  mkdirSync(join(folder, "work/k8s"), { recursive: true });
  writeFileSync(join(folder, "work/web.yaml"), "");
  writeFileSync(join(folder, "work/$(touch owned)"), "");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers when Tab is pressed after `line`. */
function offered(line: string): readonly string[] {
  const words = line.split(" ");
  const script = `${BASH_COMPLETION}
    source <(ingress-doctor completion bash)
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
    complete -p ingress-doctor >&2
    __ingress_doctor_complete
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    encoding: "utf8",
    cwd: join(folder, "work"),
    env: { PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`, KUBECONFIG: kubeconfig },
  });
  expect(stderr).toBe("complete -F __ingress_doctor_complete ingress-doctor\n");
  return stdout.split("\n").filter((entry) => entry !== "");
}

describe("bash completes", () => {
  test("commands", () => {
    expect(offered("ingress-doctor ")).toEqual(
      expect.arrayContaining(["diagnose", "route", "explain", "rules", "completion"]),
    );
    expect(offered("ingress-doctor dia")).toEqual(["diagnose"]);
    expect(offered("ingress-doctor compl")).toEqual(["completion"]);
  });

  test.each([
    ["options", "ingress-doctor diagnose --all", ["--all-namespaces"]],
    ["formats", "ingress-doctor diagnose -o ", ["text", "json", "yaml", "markdown", "sarif", "junit"]],
    ["formats of a route", "ingress-doctor route --output y", ["yaml"]],
    ["severities", "ingress-doctor rules --severity ", ["error", "warning", "info"]],
    ["rules", "ingress-doctor explain GID60", ["GID601", "GID602", "GID603"]],
    ["files", "ingress-doctor diagnose -f w", ["web.yaml"]],
    ["folders", "ingress-doctor diagnose -f k", ["k8s/"]],
    ["shells", "ingress-doctor completion p", ["powershell"]],
    ["contexts", "ingress-doctor diagnose --context ", ["test"]],
  ])("%s", (_, line, values) => {
    expect(offered(line)).toEqual(expect.arrayContaining(values));
  });

  test("namespaces of the cluster", () => {
    expect(offered(`ingress-doctor diagnose -n ${namespace.slice(0, 8)}`)).toContain(namespace);
    expect(offered("ingress-doctor route --all --namespace kube-s")).toEqual(["kube-system"]);
  });

  test("Ingresses of the namespace that the command line or the context names", () => {
    expect(offered("ingress-doctor diagnose s").toSorted()).toEqual(["search", "shop"]);
    expect(offered("ingress-doctor route --ingress sh")).toEqual(["shop"]);
    expect(offered("ingress-doctor diagnose -n default s")).toEqual([]);
  });

  test("nothing, silently, where there is no cluster", () => {
    expect(offered("ingress-doctor diagnose --kubeconfig web.yaml -n ")).toEqual([]);
  });

  test("no name that bash would run", () => {
    expect(offered("ingress-doctor diagnose -f ")).not.toContain("$(touch owned)");
    expect(offered("ingress-doctor diagnose -f owned")).toEqual([]);
  });
});

test.each([
  ["zsh", "#compdef ingress-doctor"],
  ["fish", "complete -c ingress-doctor"],
  ["powershell", "Register-ArgumentCompleter"],
])("there is a script for %s", (shell, sign) => {
  const { stdout, status } = spawnSync(process.execPath, [COMMAND_LINE, "completion", shell], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toContain(sign);
});
