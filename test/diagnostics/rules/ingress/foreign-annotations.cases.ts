import foreignAnnotations from "../../../../src/diagnostics/rules/ingress/foreign-annotations.ts";
import { ingress, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { untouched } from "../../../support/ingress-classes.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function annotated(more: Readonly<Record<string, string>>) {
  return snapshot({ ingress: ingress({ annotations: servedAnnotations(more) }) });
}

export default ruleCases(foreignAnnotations, {
  healthy: [
    { name: "GKE's own annotations", given: snapshot() },
    {
      name: "annotations of tools that work with GKE",
      given: annotated({
        "cert-manager.io/cluster-issuer": "letsencrypt",
        "external-dns.alpha.kubernetes.io/hostname": "shop.example.com",
        "networking.gke.io/v1beta1.FrontendConfig": "web-fc",
      }),
    },
    {
      name: "settings of nginx on an Ingress of class nginx",
      given: snapshot({
        ingress: untouched({
          "kubernetes.io/ingress.class": "nginx",
          "nginx.ingress.kubernetes.io/rewrite-target": "/",
        }),
      }),
    },
  ],
  broken: [
    {
      name: "settings of nginx, with and without an equivalent",
      given: annotated({
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "300",
        "nginx.ingress.kubernetes.io/rewrite-target": "/$1",
      }),
      want: [
        {
          text: "Annotation nginx.ingress.kubernetes.io/proxy-read-timeout on Ingress web is a setting of ingress-nginx, which GKE ignores; GKE has spec.timeoutSec of a BackendConfig.",
          subject: "Ingress/web#metadata.annotations[nginx.ingress.kubernetes.io/proxy-read-timeout]",
          severity: "info",
        },
        {
          text: "Annotation nginx.ingress.kubernetes.io/rewrite-target on Ingress web is a setting of ingress-nginx, which GKE ignores and has no equivalent for.",
        },
      ],
    },
    {
      name: "settings with GKE's prefix, and of other clouds",
      given: annotated({
        "alb.ingress.kubernetes.io/healthcheck-path": "/ready",
        "ingress.kubernetes.io/ssl-redirect": "true",
      }),
      want: [
        {
          text: "Annotation alb.ingress.kubernetes.io/healthcheck-path on Ingress web is a setting of AWS Load Balancer Controller, which GKE ignores; GKE has spec.healthCheck of a BackendConfig.",
        },
        {
          text: "Annotation ingress.kubernetes.io/ssl-redirect on Ingress web is a setting of older ingress controllers, which GKE ignores; GKE has spec.redirectToHttps of a FrontendConfig.",
        },
      ],
    },
  ],
  undecided: [],
});
