import type { Manifest } from "../controlplane/kube-object.ts";

/** One rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** The smallest thing that can be granted. */
export interface Permission {
  readonly verb: string;
  /** Empty for core. */
  readonly group: string;
  /** Plural, with the subresource if it is one. */
  readonly resource: string;
  /** Undefined for objects of any name. */
  readonly name?: string;
}

/** Every single permission in a role, in its order. */
export function permissionsOf(role: Manifest): Permission[] {
  return (role.rules as readonly Rule[]).flatMap(({ apiGroups, resources, verbs, resourceNames }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          (resourceNames ?? [undefined]).map((name) => ({
            verb,
            group,
            resource,
            ...(name === undefined ? {} : { name }),
          })),
        ),
      ),
    ),
  );
}

/** `list pods` or `get leases.coordination.k8s.io/ingress-doctor`. */
export function permissionText({ verb, group, resource, name = "" }: Permission): string {
  return `${verb} ${resource}${group && `.${group}`}${name && `/${name}`}`;
}

/** A copy of a role that grants all it did but one permission. */
export function without(role: Manifest, taken: Permission): Manifest {
  const rules = permissionsOf(role)
    .filter((permission) => permissionText(permission) !== permissionText(taken))
    .map(({ verb, group, resource, name }): Rule => {
      const names = name === undefined ? {} : { resourceNames: [name] };
      return { apiGroups: [group], resources: [resource], verbs: [verb], ...names };
    });
  return { ...role, rules };
}
