const text = { type: "string" } as const;
const message = closed({ text: { type: "string", minLength: 1 } }, ["text"]);
const level = { enum: ["none", "note", "warning", "error"] } as const;

/**
 * What OASIS' schema of SARIF 2.1.0 says of the parts that a report uses, and nothing else allowed.
 *
 * Written from the specification (sections 3.13 to 3.54): no package with a free licence brings the schema itself.
 */
export const SARIF_SCHEMA = closed(
  {
    $schema: { type: "string", format: "uri" },
    version: { const: "2.1.0" },
    runs: { type: "array", items: run() },
  },
  ["version", "runs"],
);

function run() {
  const driver = closed(
    {
      name: { type: "string", minLength: 1 },
      semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
      informationUri: { type: "string", format: "uri" },
      rules: { type: "array", uniqueItems: true, items: rule() },
    },
    ["name"],
  );
  return closed(
    {
      tool: closed({ driver }, ["driver"]),
      results: { type: "array", items: result() },
      columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
    },
    ["tool"],
  );
}

function rule() {
  return closed(
    {
      id: text,
      name: text,
      shortDescription: message,
      fullDescription: message,
      help: message,
      helpUri: { type: "string", format: "uri" },
      defaultConfiguration: closed({ level, enabled: { type: "boolean" } }, []),
    },
    ["id"],
  );
}

function result() {
  const physicalLocation = closed(
    {
      artifactLocation: closed({ uri: { type: "string", format: "uri-reference" } }, ["uri"]),
      region: closed({ startLine: { type: "integer", minimum: 1 } }, ["startLine"]),
    },
    ["artifactLocation"],
  );
  const logicalLocations = { type: "array", items: closed({ fullyQualifiedName: text }, []) };
  return closed(
    {
      ruleId: text,
      level,
      message,
      locations: { type: "array", items: closed({ physicalLocation, logicalLocations }, []) },
      partialFingerprints: { type: "object", additionalProperties: text },
    },
    ["message"],
  );
}

function closed(properties: Readonly<Record<string, object>>, required: readonly string[]) {
  return { type: "object", additionalProperties: false, properties, required };
}
