import systemDefaultBackendMissing from "../../../../src/diagnostics/rules/routing/system-default-backend-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  ingress,
  notRead,
  servicePort,
  snapshot,
  systemDefaultBackend,
  toService,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(systemDefaultBackendMissing, {
  healthy: [
    { name: "the Service is there", given: snapshot() },
    {
      name: "it is not needed beside a default backend of the user's own",
      given: snapshot({
        ingress: ingress({ defaultBackend: toService("web") }),
        systemDefaultBackend: known(undefined),
      }),
    },
  ],
  broken: [
    {
      name: "the Service is gone",
      given: snapshot({ systemDefaultBackend: known(undefined) }),
      want: [
        {
          text: "The Ingress names no default backend, and Service kube-system/default-http-backend does not exist, so no change of this Ingress is applied.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "its port was renamed",
      given: snapshot({
        systemDefaultBackend: known(systemDefaultBackend({ ports: [servicePort({ name: "web" })] })),
      }),
      want: [
        {
          text: "The Ingress names no default backend, and GKE cannot use Service kube-system/default-http-backend: it has no port named http. So no change of this Ingress is applied.",
        },
      ],
    },
    {
      name: "its type was changed",
      given: snapshot({ systemDefaultBackend: known(systemDefaultBackend({ type: "ClusterIP" })) }),
      want: [
        {
          text: "The Ingress names no default backend, and GKE cannot use Service kube-system/default-http-backend: it is of type ClusterIP and asks for no network endpoint groups. So no change of this Ingress is applied.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "kube-system may not be read",
      given: snapshot({ systemDefaultBackend: notRead("systemDefaultBackend") }),
      source: "systemDefaultBackend",
    },
  ],
});
