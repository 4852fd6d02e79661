import { stringify } from "yaml";
import type { Report } from "../report.ts";

/** A report as the `v1` List of the IngressDiagnoses that the controller would write. */
export function resourceList({ items }: Report): object {
  return {
    apiVersion: "v1",
    kind: "List",
    items: items.map(({ diagnosis: { ingress }, status }) => ({
      apiVersion: "ingressdoctor.dev/v1alpha1",
      kind: "IngressDiagnosis",
      metadata: { name: ingress.name, namespace: ingress.namespace },
      status,
    })),
  };
}

/** Characters that JSON leaves alone and a terminal may obey. */
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON whose every character is safe to print; escapes lose nothing. */
export function renderJson(value: unknown): string {
  const escaped = JSON.stringify(value, null, 2).replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}

/** YAML of the same value, with the same escapes inside double quotes. */
export function renderYaml(value: unknown): string {
  return stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 0, aliasDuplicateObjects: false });
}
