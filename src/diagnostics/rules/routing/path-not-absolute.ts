import { testPath } from "../../ingress-manifest.ts";
import { jsonPointer, patchFix } from "../../kubectl.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  code: "GID314",
  slug: "path-not-absolute",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "translation",
  reads: ["ingress", "routes"],
  rows: ["URL-04"],
  summary: "A path does not begin with a slash.",
  why: "Every URL path begins with a slash. The API server refuses a path that does not, and where an older one let it in, GKE or Compute Engine refuses the whole Ingress.",
  fix: "Begin the path with a slash.",
  confirm: ["kubectl apply --dry-run=server -f MANIFEST"],
  sources: [
    "Kubernetes API validation of networking.k8s.io/v1 Ingress",
    "ingress-gce pkg/controller/translator/translator.go, validateAndGetPaths",
  ],
  messages: {
    relative:
      "{path} of host {host} does not begin with a slash. It is refused, so no change of this Ingress is applied.",
    empty:
      "{field} of host {host} has pathType {pathType} and no path. It is refused, so no change of this Ingress is applied.",
  },

  check({ ingress, routes }, report) {
    for (const { path, pathType, host, field } of routes) {
      const subject = { ...ingress.ref, fieldPath: field };
      const fixTo = (value: string) =>
        patchFix(ingress.ref, [
          ...testPath(field, path),
          { op: "add", path: jsonPointer(field, "path"), value },
        ]);
      if (path === "") {
        // Without a type, an empty path means /*.
        if (pathType === "ImplementationSpecific") continue;
        report("empty", { subject, fix: fixTo("/") }, { field, host, pathType });
      } else if (!path.startsWith("/")) {
        report("relative", { subject, fix: fixTo(`/${path}`) }, { path, host });
      }
    }
  },
});
