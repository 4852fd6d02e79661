import type { Ingress } from "../../model/ingress.ts";
import { parseGoBool } from "./go-bool.ts";

/** Annotation that switches the HTTP frontend off. */
export const ALLOW_HTTP_ANNOTATION = "kubernetes.io/ingress.allow-http";

/** Annotation that names a reserved global address. */
export const GLOBAL_STATIC_IP_ANNOTATION = "kubernetes.io/ingress.global-static-ip-name";

/** Annotation that names a reserved regional address. */
export const REGIONAL_STATIC_IP_ANNOTATION = "kubernetes.io/ingress.regional-static-ip-name";

/** Annotation that names SslCertificate resources in Compute Engine. */
export const PRE_SHARED_CERT_ANNOTATION = "ingress.gcp.kubernetes.io/pre-shared-cert";

/** Annotation that names ManagedCertificates; another controller turns it into the pre-shared one. */
export const MANAGED_CERTIFICATES_ANNOTATION = "networking.gke.io/managed-certificates";

/** Annotation that names the FrontendConfig, an object of the Ingress's namespace. */
export const FRONTEND_CONFIG_ANNOTATION = "networking.gke.io/v1beta1.FrontendConfig";

/** Annotation that silences the Events about a Shared VPC firewall. */
export const SUPPRESS_XPN_ERROR_ANNOTATION = "networking.gke.io/suppress-firewall-xpn-error";

/** A boolean annotation: what it says, and what GKE makes of it. */
export interface BooleanAnnotation {
  readonly kind: "absent" | "valid" | "invalid";
  /** As written; empty when absent. */
  readonly raw: string;
  /** The value that GKE goes by. A text it cannot read counts as absent, silently. */
  readonly effective: boolean;
}

/** Names a user wrote, separated by commas, trimmed, without the empty ones, in order. */
export type NameList = readonly string[];

/**
 * The reserved address an Ingress asks for.
 *
 * The controller looks the name up in the scope of the load balancer, whichever annotation holds it. Both
 * annotations together are an error.
 */
export type StaticIpChoice =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly annotation: string; readonly name: string }
  | { readonly kind: "both"; readonly global: string; readonly regional: string };

/** Whether the HTTP frontend is wanted; true unless the annotation is a readable false. */
export function allowHttp(ingress: Ingress): BooleanAnnotation {
  return booleanAnnotation(ingress, ALLOW_HTTP_ANNOTATION, true);
}

/** Whether Events about a missing Shared VPC firewall permission are silenced; false by default. */
export function suppressXpnError(ingress: Ingress): BooleanAnnotation {
  return booleanAnnotation(ingress, SUPPRESS_XPN_ERROR_ANNOTATION, false);
}

/** The reserved address that the Ingress names; an empty annotation counts as absent. */
export function staticIp(ingress: Ingress): StaticIpChoice {
  const global = ingress.annotations[GLOBAL_STATIC_IP_ANNOTATION] ?? "";
  const regional = ingress.annotations[REGIONAL_STATIC_IP_ANNOTATION] ?? "";
  if (global !== "" && regional !== "") return { kind: "both", global, regional };
  if (regional !== "") return { kind: "named", annotation: REGIONAL_STATIC_IP_ANNOTATION, name: regional };
  if (global !== "") return { kind: "named", annotation: GLOBAL_STATIC_IP_ANNOTATION, name: global };
  return { kind: "none" };
}

/** Names of SslCertificate resources that the Ingress brings along. */
export function preSharedCertificates(ingress: Ingress): NameList {
  return nameList(ingress, PRE_SHARED_CERT_ANNOTATION);
}

/** Names of ManagedCertificates that the Ingress wants. */
export function managedCertificateNames(ingress: Ingress): NameList {
  return nameList(ingress, MANAGED_CERTIFICATES_ANNOTATION);
}

/** Name of the FrontendConfig; undefined when the annotation is absent or empty. */
export function frontendConfigName(ingress: Ingress): string | undefined {
  return ingress.annotations[FRONTEND_CONFIG_ANNOTATION] || undefined;
}

function booleanAnnotation(ingress: Ingress, key: string, otherwise: boolean): BooleanAnnotation {
  const raw = ingress.annotations[key];
  if (raw === undefined) return { kind: "absent", raw: "", effective: otherwise };
  const value = parseGoBool(raw);
  return value === undefined
    ? { kind: "invalid", raw, effective: otherwise }
    : { kind: "valid", raw, effective: value };
}

function nameList(ingress: Ingress, key: string): NameList {
  const names = (ingress.annotations[key] ?? "").split(",").map((name) => name.trim());
  return names.filter((name) => name !== "");
}
