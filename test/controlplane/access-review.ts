import type { TestClient } from "./client.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Something that a user may or may not do. */
export interface Access {
  readonly verb: string;
  /** Empty for core. */
  readonly group: string;
  /** Plural, with the subresource if it is one: `pods/status`. */
  readonly resource: string;
  readonly name?: string | undefined;
  /** Undefined for all namespaces. */
  readonly namespace?: string | undefined;
}

/** Name of a ServiceAccount, which need not exist. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** Asks the API server whether a ServiceAccount may do something, as `kubectl auth can-i --as` does. */
export async function isAllowed(
  client: TestClient,
  account: Account,
  { verb, group, resource: path, name, namespace }: Access,
): Promise<boolean> {
  const [resource, subresource] = path.split("/");
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: `system:serviceaccount:${account.namespace}:${account.name}`,
      groups: [
        "system:serviceaccounts",
        `system:serviceaccounts:${account.namespace}`,
        "system:authenticated",
      ],
      resourceAttributes: { verb, group, resource, subresource, name, namespace },
    },
  };

  const { status } = (await client.request("POST", REVIEWS, { body })) as { status: { allowed: boolean } };
  return status.allowed;
}
