/** The part of a structural schema that these tests check; CEL rules are left to the API server. */
interface Schema {
  readonly type: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly format?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-list-type"?: string;
}

/** Every place where `value` breaks a structural schema, as the API server would see it. */
export function schemaProblems(schema: Schema, value: unknown, at = "status"): string[] {
  if (schema.type === "object") return objectProblems(schema, value, at);
  if (schema.type === "array") return arrayProblems(schema, value, at);
  const wanted = schema.type === "integer" ? "number" : schema.type;
  if (typeof value !== wanted) return [`${at} is ${typeof value}, not ${schema.type}`];
  return [...scalarProblems(schema, value as string | number | boolean)].map((problem) => `${at} ${problem}`);
}

function objectProblems(schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
  const missing = (schema.required ?? [])
    .filter((key) => !(key in value))
    .map((key) => `${at}.${key} is missing`);
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const property = schema.properties?.[key];
    return property === undefined
      ? [`${at}.${key} would be pruned`]
      : schemaProblems(property, item, `${at}.${key}`);
  });
  return [...missing, ...inner];
}

function arrayProblems(schema: Schema, value: unknown, at: string): string[] {
  if (!Array.isArray(value)) return [`${at} is no list`];
  const problems = value.flatMap((item, index) =>
    schema.items ? schemaProblems(schema.items, item, `${at}[${index}]`) : [],
  );
  if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
    problems.push(`${at} has ${value.length} items`);
  const keys = value.map((item) => identity(schema, item)).filter((key) => key !== undefined);
  if (new Set(keys).size < keys.length) problems.push(`${at} has duplicates`);
  return problems;
}

function identity(schema: Schema, item: unknown): string | undefined {
  if (schema["x-kubernetes-list-type"] === "set") return JSON.stringify(item);
  const keys = schema["x-kubernetes-list-map-keys"];
  return keys === undefined
    ? undefined
    : JSON.stringify(keys.map((key) => (item as Record<string, unknown>)[key]));
}

function* scalarProblems(schema: Schema, value: string | number | boolean): Iterable<string> {
  if (schema.enum !== undefined && !schema.enum.includes(value)) yield `is ${value}, not one of the enum`;
  if (typeof value === "number" && value < (schema.minimum ?? value)) yield `is below ${schema.minimum}`;
  if (typeof value !== "string") return;
  if ([...value].length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    yield `is longer than ${schema.maxLength}`;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    yield `does not match ${schema.pattern}`;
  if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) yield "is no time";
}
