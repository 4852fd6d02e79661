import { randomBytes } from "node:crypto";
import type { TestClient } from "./client.ts";
import { waitFor } from "./eventually.ts";

/**
 * Creates a namespace no other test uses, named `<prefix>-<random>`, and answers its name.
 *
 * It is ready for pods: its default ServiceAccount exists. Tests do not delete it: that takes the namespace
 * controller at least five seconds, and the cluster ends with the suite anyway.
 */
export async function createNamespace(client: TestClient, prefix = "test"): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString("hex")}`;
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await waitFor(() => client.find("v1/ServiceAccount", "default", name), {
    what: `the default ServiceAccount of namespace ${name}`,
  });
  return name;
}

/** Deletes a namespace and waits until the namespace controller has emptied and removed it. */
export async function deleteNamespace(client: TestClient, name: string): Promise<void> {
  await client.delete({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await waitFor(async () => (await client.find("v1/Namespace", name)) === undefined, {
    what: `removal of namespace ${name}`,
  });
}
