import type { ObjectRef, StringMap } from "./refs.ts";

/** A reference to a Service port as an Ingress writes it: by name, else by number. */
export interface PortReference {
  readonly name?: string;
  readonly number?: number;
}

/** What an Ingress path or default backend points at. GKE serves only the `service` form. */
export type IngressBackend =
  | { readonly kind: "service"; readonly service: string; readonly port: PortReference }
  | { readonly kind: "resource"; readonly resourceKind: string; readonly name: string };

/** One `rules[].http.paths[]` entry. */
export interface IngressPath {
  /** As written; empty when the field is absent. */
  readonly path: string;
  /** As written; absent means ImplementationSpecific. */
  readonly pathType?: string;
  readonly backend: IngressBackend;
}

/** One `spec.rules[]` entry; `paths` is undefined when the rule has no `http` block. */
export interface IngressRule {
  readonly host: string;
  readonly paths: readonly IngressPath[] | undefined;
}

/** One `spec.tls[]` entry. */
export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName?: string;
}

/** An Ingress, narrowed to what a diagnosis reads. Times are epoch milliseconds. */
export interface Ingress {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly generation: number;
  readonly createdAt: number;
  readonly deletedAt?: number;
  /** Time of the newest write to the spec or the user's annotations, where the server recorded one. */
  readonly changedAt: number;
  readonly annotations: StringMap;
  readonly finalizers: readonly string[];
  readonly className?: string;
  readonly defaultBackend?: IngressBackend;
  readonly rules: readonly IngressRule[];
  readonly tls: readonly IngressTls[];
  /** `status.loadBalancer.ingress[]`, IP or host name. */
  readonly addresses: readonly string[];
}
