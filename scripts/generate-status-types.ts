import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Generator, ROOT } from "./generator.ts";

const SOURCE = "deploy/crds/ingressdiagnoses.ingressdoctor.dev.yaml";
const TARGET = "src/reconciler/status-types.ts";
const LINE_WIDTH = 110;

/** The part of a structural schema that decides a type or a limit. */
interface Schema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly description: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly maxItems?: number;
  readonly maxLength?: number;
}

/** TypeScript types and limits of `IngressDiagnosis.status`, from the resource definition. */
export const statusTypes: Generator = {
  name: "status types",
  outputs: () => new Map([[TARGET, render(statusSchema())]]),
};

function statusSchema(): Schema {
  const definition = parse(readFileSync(new URL(SOURCE, ROOT), "utf8"));
  return definition.spec.versions[0].schema.openAPIV3Schema.properties.status;
}

function render(status: Schema): string {
  const interfaces: string[] = [];
  renderInterface("IngressDiagnosisStatus", status, interfaces);
  const parts = [
    `// Generated from ${SOURCE} by \`npm run gen\`; do not edit.`,
    ...interfaces,
    renderLimits("MAX_ITEMS", "Longest lists, by path.", limits(status, "maxItems")),
    renderLimits("MAX_LENGTH", "Longest strings in code points, by path.", limits(status, "maxLength")),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Appends the interface of an object schema and, before it, those of the objects inside. */
function renderInterface(name: string, schema: Schema, interfaces: string[]): void {
  if (interfaces.some((text) => text.includes(`interface ${name} {`))) {
    throw new Error(`${SOURCE}: two objects of the status would both be called ${name}`);
  }
  const fields = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const optional = schema.required?.includes(key) ? "" : "?";
    const declaration = declare(`  readonly ${key}${optional}:`, typeOf(key, property, interfaces));
    return `${comment(property.description, "  ")}\n${declaration}`;
  });
  interfaces.push(`${comment(schema.description, "")}\nexport interface ${name} {\n${fields.join("\n")}\n}`);
}

/** A type as its union's members, and whether it is a list of them. */
interface Type {
  readonly members: readonly string[];
  readonly list: boolean;
}

function typeOf(key: string, schema: Schema, interfaces: string[]): Type {
  if (schema.type === "array") {
    if (schema.items === undefined) throw new Error(`${SOURCE}: the list ${key} has no items`);
    return { ...typeOf(key.replace(/s$/, ""), schema.items, interfaces), list: true };
  }
  return { members: membersOf(key, schema, interfaces), list: false };
}

function membersOf(key: string, schema: Schema, interfaces: string[]): readonly string[] {
  if (schema.type === "integer") return ["number"];
  if (schema.type === "boolean") return ["boolean"];
  if (schema.type === "string") return schema.enum?.map((value) => JSON.stringify(value)) ?? ["string"];
  const name = `Status${key.charAt(0).toUpperCase()}${key.slice(1)}`;
  renderInterface(name, schema, interfaces);
  return [name];
}

/** Declares a property, breaking a long union the way the formatter does. */
function declare(head: string, { members, list }: Type): string {
  const union = members.join(" | ");
  const inline = list ? `readonly ${members.length > 1 ? `(${union})` : union}[]` : union;
  const line = `${head} ${inline};`;
  if (members.length === 1 || line.length <= LINE_WIDTH) return line;
  const lines = members.map((member) => `\n    | ${member}`).join("");
  return list ? `${head} readonly (${lines}\n  )[];` : `${head}${lines};`;
}

function comment(description: string, indent: string): string {
  const single = `${indent}/** ${description} */`;
  if (single.length <= LINE_WIDTH) return single;
  const lines = wrap(description, LINE_WIDTH - indent.length - " * ".length);
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`].join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function limits(schema: Schema, limit: "maxItems" | "maxLength", path = ""): [string, number][] {
  const own: [string, number][] = schema[limit] === undefined ? [] : [[path, schema[limit]]];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    limits(property, limit, path === "" ? key : `${path}.${key}`),
  );
  return [...own, ...inner, ...(schema.items === undefined ? [] : limits(schema.items, limit, path))];
}

function renderLimits(name: string, description: string, entries: readonly [string, number][]): string {
  const lines = entries.map(([path, value]) => `  ${propertyName(path)}: ${value},`);
  return [`/** ${description} */`, `export const ${name} = {`, ...lines, "} as const;"].join("\n");
}

function propertyName(path: string): string {
  return /^\w+$/.test(path) ? path : JSON.stringify(path);
}
