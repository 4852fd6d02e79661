import resourceBackendUnsupported from "../../../../src/diagnostics/rules/routing/resource-backend-unsupported.ts";
import { ingress, path, rule, snapshot, toService } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const bucket = { kind: "resource", resourceKind: "StorageBucket", name: "assets" } as const;

export default ruleCases(resourceBackendUnsupported, {
  healthy: [
    { name: "Services only", given: snapshot() },
    {
      name: "a Service as default backend",
      given: snapshot({ ingress: ingress({ defaultBackend: toService("web") }) }),
    },
  ],
  broken: [
    {
      name: "a bucket behind a path",
      given: snapshot({
        ingress: ingress({ rules: [rule("shop.example.com", path("/assets", "", { backend: bucket }))] }),
      }),
      want: [
        {
          text: "spec.rules[0].http.paths[0] points at StorageBucket assets. GKE takes only Services as backends, so no change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[0]",
          severity: "error",
        },
      ],
    },
    {
      name: "a bucket as default backend",
      given: snapshot({ ingress: ingress({ defaultBackend: bucket }) }),
      want: [
        {
          text: "spec.defaultBackend points at StorageBucket assets. GKE takes only Services as backends, so no change of this Ingress is applied.",
        },
      ],
    },
  ],
  undecided: [],
});
