import { expect, test } from "vitest";
import { projectBackendConfig } from "../../../src/kubernetes/projections/backend-config.ts";
import { projectIngress } from "../../../src/kubernetes/projections/ingress.ts";
import { projectService } from "../../../src/kubernetes/projections/service.ts";

const SPEC = { "f:spec": { "f:rules": {} } };

/** Minute of the projected change in an object created at minute 0 and last written as `entry` at minute 5. */
function changedMinute(entry: object, project: (raw: unknown) => { readonly changedAt: number }): number {
  const { changedAt } = project({
    metadata: {
      creationTimestamp: "2026-01-01T00:00:00Z",
      managedFields: [
        { manager: "kubectl", time: "2026-01-01T00:01:00Z", fieldsV1: SPEC },
        { manager: "kubectl-edit", time: "2026-01-01T00:05:00Z", ...entry },
      ],
    },
  });
  return (changedAt - Date.parse("2026-01-01T00:00:00Z")) / 60_000;
}

function annotation(...keys: string[]): object {
  const owned = Object.fromEntries(keys.map((key) => [`f:${key}`, {}]));
  return { fieldsV1: { "f:metadata": { "f:annotations": { ".": {}, ...owned } } } };
}

test.each([
  ["a change of the spec", { fieldsV1: SPEC }],
  ["a user's annotation", annotation("cloud.google.com/neg")],
  ["a user's annotation among results", annotation("cloud.google.com/neg-status", "cloud.google.com/neg")],
  ["an entry that does not say what it owns", {}],
])("%s is a change", (_, entry) => {
  expect(changedMinute(entry, projectIngress)).toBe(5);
  expect(changedMinute(entry, projectService)).toBe(5);
});

test.each([
  ["the status", { subresource: "status", fieldsV1: { "f:status": {} } }],
  ["the status written through the main resource", { fieldsV1: { "f:status": {} } }],
  ["the Ingress controller by name", { manager: "glbc", fieldsV1: SPEC }],
  ["the certificate controller by name", { manager: "managed-certificate-controller", fieldsV1: SPEC }],
  ["results in annotations", annotation("ingress.kubernetes.io/backends", "ingress.kubernetes.io/url-map")],
  ["the NEG status", annotation("cloud.google.com/neg-status")],
  ["the finalizer", { fieldsV1: { "f:metadata": { "f:finalizers": {} } } }],
])("a write of %s is not", (_, entry) => {
  expect(changedMinute(entry, projectIngress)).toBe(1);
  expect(changedMinute(entry, projectService)).toBe(1);
});

test("configuration objects change with every write but those of the status", () => {
  expect(changedMinute({ manager: "glbc", fieldsV1: SPEC }, projectBackendConfig)).toBe(5);
  expect(changedMinute({ subresource: "status" }, projectBackendConfig)).toBe(1);
});
