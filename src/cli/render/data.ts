import { Document, visit } from "yaml";
import type { Report } from "../report.ts";

/**
 * A report as the `v1` List of the IngressDiagnoses that the controller would write. Services that no Ingress
 * uses have no such resource; they stand beside the items, as `services`.
 */
export function resourceList({ items, services }: Report): object {
  return {
    apiVersion: "v1",
    kind: "List",
    items: items.map(({ namespace, name, status }) => ({
      apiVersion: "ingressdoctor.dev/v1alpha1",
      kind: "IngressDiagnosis",
      metadata: { name, namespace },
      status,
    })),
    ...(services.length === 0
      ? {}
      : {
          services: services.map(({ namespace, name, status }) => {
            const { verdict, symptom, summary, cause, findings } = status;
            return {
              namespace,
              name,
              verdict,
              symptom,
              summary,
              ...(cause === undefined ? {} : { cause }),
              findings,
            };
          }),
        }),
  };
}

/** Characters that JSON leaves alone and a terminal may obey. */
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON whose every character is safe to print; escapes lose nothing. */
export function renderJson(value: unknown): string {
  return `${escaped(JSON.stringify(value, null, 2))}\n`;
}

/** The same value on one line, for streams of values. */
export function renderJsonLine(value: unknown): string {
  return `${escaped(JSON.stringify(value))}\n`;
}

/** YAML of the same value, as safe to print. */
export function renderYaml(value: unknown): string {
  const document = new Document(JSON.parse(JSON.stringify(value)), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      // Only double quotes may hold escapes; the library writes these characters as they are.
      if (typeof scalar.value === "string" && scalar.value.search(UNSAFE) >= 0) scalar.type = "QUOTE_DOUBLE";
    },
  });
  return escaped(document.toString({ lineWidth: 0 }));
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
