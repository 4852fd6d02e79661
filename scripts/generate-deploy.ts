import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { locateTool } from "../test/tools/tools.ts";
import { type Generator, ROOT } from "./generator.ts";

const CHART = "charts/ingress-doctor";
const CRD = "ingressdiagnoses.ingressdoctor.dev.yaml";
const NAME = "ingress-doctor";
const HEADER = `# Generated from ${CHART} by \`npm run gen\`; do not edit.\n`;

/** Kinds that are permissions and what they are given to; the rest is what runs. */
const PERMISSIONS: ReadonlySet<string> = new Set([
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
]);

/** Pod Security is a matter of the namespace, which a chart does not own. */
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: ${NAME}
  labels:
    app.kubernetes.io/name: ${NAME}
    pod-security.kubernetes.io/enforce: restricted
`;

/** Plain manifests of the chart's defaults, for \`kubectl apply\`, and the chart's copy of the resource definition. */
export const deployManifests: Generator = {
  name: "manifests",
  outputs() {
    const manifests = renderedManifests();
    const permissions = manifests.filter((text) => PERMISSIONS.has(kindOf(text)));
    const workload = manifests.filter((text) => !PERMISSIONS.has(kindOf(text)));
    return new Map([
      [`${CHART}/files/${CRD}`, readFileSync(new URL(`deploy/crds/${CRD}`, ROOT), "utf8")],
      ["deploy/rbac.yaml", HEADER + [NAMESPACE, ...permissions].join("---\n")],
      ["deploy/controller.yaml", HEADER + workload.join("---\n")],
    ]);
  },
};

/** The chart's objects in the order in which Helm applies them, without what only Helm needs. */
function renderedManifests(): string[] {
  const args = ["template", NAME, CHART, "--namespace", NAME, "--set", "crds.install=false"];
  const rendered = execFileSync(locateTool("helm"), args, { cwd: fileURLToPath(ROOT), encoding: "utf8" });
  return rendered
    .split(/^---\n/m)
    .map((text) => text.replaceAll(/^(# Source:| *helm\.sh\/| *app\.kubernetes\.io\/managed-by:).*\n/gm, ""))
    .map((text) => `${text.trim()}\n`)
    .filter((text) => text !== "\n");
}

function kindOf(manifest: string): string {
  return /^kind: (\w+)$/m.exec(manifest)?.[1] ?? "";
}
