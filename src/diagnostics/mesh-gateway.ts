import type { Pod } from "../model/pod.ts";

/** A proxy that answers its own health only on a path or port of its own. */
export interface Gateway {
  readonly name: string;
  /** Port of the pod. */
  readonly port: number;
  readonly path: string;
}

/** Gateways by the labels that their installers give the pods, with the health endpoint they document. */
const GATEWAYS: readonly (Gateway & { readonly label: string; readonly values: RegExp })[] = [
  { name: "Istio", label: "istio", values: /ingressgateway$/, port: 15021, path: "/healthz/ready" },
  { name: "Istio", label: "app", values: /^istio-(ingress)?gateway$/, port: 15021, path: "/healthz/ready" },
  { name: "Kong", label: "app.kubernetes.io/name", values: /^kong$/, port: 8100, path: "/status" },
  {
    name: "Emissary",
    label: "app.kubernetes.io/name",
    values: /^(ambassador|emissary-ingress)$/,
    port: 8877,
    path: "/ambassador/v0/check_ready",
  },
];

/** The gateway that all of these pods are; undefined when they are none that is known. */
export function gatewayOf(pods: readonly Pod[]): Gateway | undefined {
  if (pods.length === 0) return undefined;
  return GATEWAYS.find(({ label, values }) => pods.every(({ labels }) => values.test(labels[label] ?? "")));
}
