import type { PortReference } from "../../model/ingress.ts";
import type { ObjectKey } from "../../model/refs.ts";
import type { BackendConfigProblem } from "./backend-config-problems.ts";

/**
 * One reason for which the controller refuses to translate an Ingress. A single one freezes the whole load
 * balancer in its last good state.
 *
 * `object` is what the controller's own text blames: the Service as `namespace/name`, the BackendConfig as
 * `namespace/name` for an invalid spec, the path for a path error, and nothing for a resource backend.
 */
export type TranslationError =
  | { readonly kind: "service-not-found"; readonly object: ObjectKey }
  | { readonly kind: "service-port-not-found"; readonly object: ObjectKey; readonly port: PortReference }
  | { readonly kind: "service-type"; readonly object: ObjectKey; readonly type: string }
  | {
      readonly kind: "app-protocols";
      readonly object: ObjectKey;
      readonly annotation: string;
      readonly reason: string;
    }
  | { readonly kind: "backend-config"; readonly object: ObjectKey; readonly problem: BackendConfigFault }
  | {
      readonly kind: "path-type";
      readonly object: string;
      readonly pathType: string;
      readonly problem: "empty-path" | "wildcard" | "unsupported-type";
    }
  | {
      readonly kind: "resource-backend";
      readonly object: "";
      readonly resourceKind: string;
      readonly name: string;
    }
  | { readonly kind: "default-backend"; readonly object: ObjectKey; readonly cause: TranslationError };

/** What is wrong with the BackendConfig of a port. */
export type BackendConfigFault =
  | { readonly kind: "annotation-invalid"; readonly annotation: string; readonly reason: string }
  | { readonly kind: "annotation-empty"; readonly annotation: string }
  | { readonly kind: "missing"; readonly annotation: string; readonly name: string }
  | { readonly kind: "invalid-spec"; readonly name: string; readonly first: BackendConfigProblem };

/** Kinds of {@link TranslationError}. */
export type TranslationErrorKind = TranslationError["kind"];
