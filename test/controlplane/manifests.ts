import { parseAllDocuments } from "yaml";
import type { TestClient } from "./client.ts";
import type { KubeObject, Manifest } from "./kube-object.ts";

/** The objects of a YAML text of one or more documents; a v1 List counts as its items. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const object = document.toJS() as (Manifest & { items?: Manifest[] }) | null;
    if (object === null) return [];
    return object.kind === "List" ? (object.items ?? []) : [object];
  });
}

/** Applies manifests in their order; `namespace` replaces the one that namespaced objects name, if given. */
export async function applyManifests(
  client: TestClient,
  manifests: readonly Manifest[],
  namespace?: string,
): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  for (const manifest of manifests) {
    applied.push(await client.apply(await client.inNamespace(manifest, namespace)));
  }
  return applied;
}
