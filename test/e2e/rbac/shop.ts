import type { Manifest } from "../../controlplane/kube-object.ts";
import { deploymentManifest, ingressManifest, serviceManifest } from "../reconciler/cluster.ts";
import { SHOP } from "./chart-release.ts";

const meta = (name: string) => ({ name, namespace: SHOP });

/** Names of the Ingresses of {@link shopManifests}. */
export const INGRESSES = ["web", "broken"] as const;

/**
 * An Ingress about which every kind of object that the controller reads has something to say, and one whose
 * Service is missing, which is worth an Event.
 */
export function shopManifests(): Manifest[] {
  return [
    {
      apiVersion: "cloud.google.com/v1",
      kind: "BackendConfig",
      metadata: meta("web"),
      spec: { healthCheck: { type: "HTTP", requestPath: "/healthz" } },
    },
    {
      apiVersion: "networking.gke.io/v1beta1",
      kind: "FrontendConfig",
      metadata: meta("web"),
      spec: { redirectToHttps: { enabled: false } },
    },
    {
      apiVersion: "networking.gke.io/v1",
      kind: "ManagedCertificate",
      metadata: meta("web"),
      spec: { domains: ["web.example.com"] },
    },
    annotated(serviceManifest(SHOP), { "cloud.google.com/backend-config": '{"default": "web"}' }),
    deploymentManifest(SHOP),
    annotated(ingressManifest(SHOP), {
      "networking.gke.io/v1beta1.FrontendConfig": "web",
      "networking.gke.io/managed-certificates": "web",
    }),
    ingressManifest(SHOP, "broken"),
  ];
}

/** The diagnosis of an Ingress that was deleted while nobody looked, without an owner that would take it along. */
export const ORPHAN: Manifest = {
  apiVersion: "ingressdoctor.dev/v1alpha1",
  kind: "IngressDiagnosis",
  metadata: meta("orphan"),
};

function annotated(manifest: Manifest, more: Readonly<Record<string, string>>): Manifest {
  const annotations = { ...(manifest.metadata.annotations as object | undefined), ...more };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
