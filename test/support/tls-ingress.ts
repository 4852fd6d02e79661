import type { Ingress } from "../../src/model/ingress.ts";
import { event, ingress, servedAnnotations } from "./builders.ts";

/** Ingress `web` with these TLS Secrets for its host. */
export function tlsIngress(
  secretNames: readonly string[] = ["web-tls"],
  changes: Partial<Ingress> = {},
): Ingress {
  return ingress({
    tls: secretNames.map((secretName) => ({ hosts: ["shop.example.com"], secretName })),
    annotations: servedAnnotations({
      "ingress.kubernetes.io/ssl-cert": secretNames.map((_, index) => `cert-${index + 1}`).join(","),
    }),
    ...changes,
  });
}

/** Ingress `web` with more annotations. */
export function annotated(
  annotations: Readonly<Record<string, string>>,
  changes: Partial<Ingress> = {},
): Ingress {
  return ingress({ annotations: servedAnnotations(annotations), ...changes });
}

/** The controller's current error of its load balancer stage. */
export function frontEndError(cause: string) {
  return event({
    type: "Warning",
    reason: "Sync",
    message: `Error syncing to GCP: error running load balancer syncing routine: loadbalancer x-shop-web-y does not exist: ${cause}`,
  });
}
