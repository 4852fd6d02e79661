import type { WatchedKind } from "../../../src/kubernetes/kinds.ts";
import { projectBackendConfig } from "../../../src/kubernetes/projections/backend-config.ts";
import type { Manifest } from "../../controlplane/kube-object.ts";

const GROUP = "e2e.ingressdoctor.dev";

/** A custom resource of one test alone, projected as a BackendConfig; other tests install the real ones. */
export interface CustomResource {
  readonly watched: WatchedKind<"backendConfigs">;
  readonly definition: Manifest;
  object(namespace: string, name: string, timeoutSec?: number): Manifest;
}

export function customResource(kind: string): CustomResource {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    watched: {
      source: "backendConfigs",
      group: GROUP,
      version: "v1",
      plural,
      kind,
      namespaced: true,
      required: false,
      optIn: false,
      project: projectBackendConfig,
    },
    definition: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${GROUP}` },
      spec: {
        group: GROUP,
        scope: "Namespaced",
        names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    },
    object: (namespace, name, timeoutSec = 30) => ({
      apiVersion: `${GROUP}/v1`,
      kind,
      metadata: { name, namespace },
      spec: { timeoutSec },
    }),
  };
}
