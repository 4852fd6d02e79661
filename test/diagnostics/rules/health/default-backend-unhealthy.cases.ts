import rule from "../../../../src/diagnostics/rules/health/default-backend-unhealthy.ts";
import {
  ingress,
  negName,
  notRead,
  servedAnnotations,
  snapshot,
  toService,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { unhealthy } from "../../../support/unhealthy.ts";

const NEG = "k8s1-7c1e09d2-kube-system-default-http-backend-80-d9024279";

function reported(name: string, state: string) {
  const backends = JSON.stringify({ [negName("web")]: "HEALTHY", [name]: state });
  return ingress({ annotations: servedAnnotations({ "ingress.kubernetes.io/backends": backends }) });
}

const want = [
  {
    text: "Google reports GKE's default backend behind Ingress web as UNHEALTHY, so requests that no rule matches get 502 instead of 404; its routes are not concerned.",
    subject: "Service/default-http-backend",
    severity: "info",
  },
];

export default ruleCases(rule, {
  healthy: [
    { name: "nothing is said of it", given: snapshot() },
    { name: "it is healthy", given: snapshot({ ingress: reported(NEG, "HEALTHY") }) },
    { name: "only a backend of the user is unhealthy", given: unhealthy() },
    {
      name: "the Ingress has a default backend of its own",
      given: snapshot({ ingress: { ...reported(NEG, "UNHEALTHY"), defaultBackend: toService("web") } }),
    },
    {
      name: "the status annotation is not JSON",
      given: snapshot({
        ingress: ingress({
          annotations: servedAnnotations({ "ingress.kubernetes.io/backends": "Unknown" }),
        }),
      }),
    },
  ],
  broken: [
    { name: "behind a NEG", given: snapshot({ ingress: reported(NEG, "UNHEALTHY") }), want },
    {
      name: "behind a node port",
      given: snapshot({ ingress: reported("k8s-be-30999--7c1e09d2a4b85f36", "UNHEALTHY") }),
      want,
    },
  ],
  undecided: [
    {
      name: "the default backend may not be read",
      given: snapshot({ systemDefaultBackend: notRead("systemDefaultBackend") }),
      source: "systemDefaultBackend",
    },
  ],
});
