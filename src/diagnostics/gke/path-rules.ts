import type { IngressPath } from "../../model/ingress.ts";
import type { TranslationError } from "./translation-error.ts";

/** The URL map paths that one Ingress path becomes, or why it becomes none. */
export type PathExpansion =
  | { readonly ok: true; readonly paths: readonly string[] }
  | { readonly ok: false; readonly error: TranslationError };

/**
 * Expands an Ingress path by its type.
 *
 * ImplementationSpecific, the default, is passed on as written, even where Google will refuse it; an empty
 * path then means `/*`. Prefix becomes a literal path and a wildcard below it. Source: `validateAndGetPaths`
 * in pkg/controller/translator/translator.go of ingress-gce.
 */
export function expandPath({ path, pathType }: Pick<IngressPath, "path" | "pathType">): PathExpansion {
  switch (pathType) {
    case undefined:
    case "ImplementationSpecific":
      return expanded(path === "" ? "/*" : path);
    case "Exact":
      return refusal(path, pathType) ?? expanded(path);
    case "Prefix":
      return refusal(path, pathType) ?? expandPrefix(path);
    default:
      // The controller's text names the type and leaves the path out.
      return refused({ kind: "path-type", object: pathType, pathType, problem: "unsupported-type" });
  }
}

function expandPrefix(path: string): PathExpansion {
  if (path === "/") return expanded("/*");
  return path.endsWith("/") ? expanded(path.slice(0, -1), `${path}*`) : expanded(path, `${path}/*`);
}

function refusal(path: string, pathType: string): PathExpansion | undefined {
  const problem = path === "" ? "empty-path" : path.includes("*") ? "wildcard" : undefined;
  return problem && refused({ kind: "path-type", object: path, pathType, problem });
}

function expanded(...paths: readonly string[]): PathExpansion {
  return { ok: true, paths };
}

function refused(error: TranslationError): PathExpansion {
  return { ok: false, error };
}
