import type { TestClient } from "./client.ts";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** One kind of objects that the API serves. */
export interface ServedResource {
  /** Empty for core. */
  readonly group: string;
  readonly version: string;
  /** Plural, with the subresource if it is one: `pods/status`. */
  readonly resource: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** Everything that the API server serves in the preferred version of each group, subresources included. */
export async function servedResources(client: TestClient): Promise<ServedResource[]> {
  const { groups } = (await client.request("GET", "/apis")) as {
    readonly groups: readonly {
      readonly name: string;
      readonly preferredVersion: { readonly version: string };
    }[];
  };
  const versions = [
    { group: "", version: "v1", path: "/api/v1" },
    ...groups.map(({ name: group, preferredVersion: { version } }) => ({
      group,
      version,
      path: `/apis/${group}/${version}`,
    })),
  ];
  const lists = await Promise.all(
    versions.map(async ({ path, ...of }) => {
      const { resources } = (await client.request("GET", path)) as {
        readonly resources: readonly Resource[];
      };
      return resources.map(({ name, kind, verbs }) => ({ ...of, resource: name, kind, verbs }));
    }),
  );
  return lists.flat();
}

/** Every object of the cluster as `Kind.group namespace/name`; Events come and go and are left out. */
export async function allObjects(client: TestClient): Promise<Set<string>> {
  const listed = (await servedResources(client)).filter(
    ({ verbs, kind }) => verbs.includes("list") && kind !== "Event",
  );
  const names = await Promise.all(
    listed.map(async ({ group, version, kind }) => {
      const apiVersion = group === "" ? version : `${group}/${version}`;
      const objects = await client.list(`${apiVersion}/${kind}`);
      return objects.map(
        ({ metadata: { namespace = "", name } }) => `${kind}${group && `.${group}`} ${namespace}/${name}`,
      );
    }),
  );
  return new Set(names.flat());
}
