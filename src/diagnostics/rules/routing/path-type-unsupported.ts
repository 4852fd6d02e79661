import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

const PATH_TYPES: ReadonlySet<string> = new Set(["Prefix", "Exact", "ImplementationSpecific"]);

export default defineRule({
  code: "GID315",
  slug: "path-type-unsupported",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["ingress", "routes"],
  rows: ["URL-04"],
  summary: "A path has a type that GKE does not know.",
  why: "The controller refuses the path, and with it the whole Ingress: no change of any host, path or certificate is applied.",
  fix: "Set pathType to Prefix, Exact or ImplementationSpecific.",
  confirm: ["kubectl get ingress INGRESS -n NAMESPACE -o jsonpath='{.spec.rules[*].http.paths[*].pathType}'"],
  sources: ["ingress-gce pkg/controller/translator/translator.go, validateAndGetPaths"],
  messages: {
    unknown:
      "{path} of host {host} has pathType {pathType}, which is none of Prefix, Exact and ImplementationSpecific. GKE refuses the path, so no change of this Ingress is applied.",
  },

  check({ ingress, routes }, report) {
    for (const { path, pathType, host, field } of routes) {
      if (PATH_TYPES.has(pathType)) continue;
      const meant = [...PATH_TYPES].find((type) => type.toLowerCase() === pathType.toLowerCase()) ?? "Prefix";
      report(
        "unknown",
        {
          subject: { ...ingress.ref, fieldPath: field },
          fix: patchFix(ingress.ref, [
            ...testPath(field, path),
            { op: "add", path: jsonPointer(field, "pathType"), value: meant },
          ]),
        },
        { path, host, pathType },
      );
    }
  },
});
