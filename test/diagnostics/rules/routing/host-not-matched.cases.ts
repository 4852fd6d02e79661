import hostNotMatched from "../../../../src/diagnostics/rules/routing/host-not-matched.ts";
import type { ManagedCertificate } from "../../../../src/model/gke-config.ts";
import type { Ingress } from "../../../../src/model/ingress.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  ingress,
  LONG_AGO,
  notRead,
  path,
  ref,
  rule,
  servedAnnotations,
  snapshot,
  toService,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function hosts(names: readonly string[], more: Partial<Ingress> = {}) {
  return snapshot({ ingress: ingress({ rules: names.map((host) => rule(host, path("/"))), ...more }) });
}

function certificate(...domains: readonly string[]): ManagedCertificate {
  return {
    ref: ref("networking.gke.io/v1", "ManagedCertificate", "web-cert"),
    createdAt: LONG_AGO,
    domains,
    status: "Active",
    domainStatus: [],
  };
}

const annotations = servedAnnotations({ "networking.gke.io/managed-certificates": "web-cert" });
const tls = (...names: readonly string[]) => ({ tls: [{ hosts: names, secretName: "web-tls" }] });

export default ruleCases(hostNotMatched, {
  healthy: [
    { name: "no wildcard", given: hosts(["shop.example.com"]) },
    { name: "the bare domain has a rule", given: hosts(["*.example.com", "example.com"]) },
    { name: "a rule without a host takes it", given: hosts(["*.example.com", ""]) },
    {
      name: "a wider wildcard takes it",
      given: hosts(["*.example.com", "*.apps.example.com", "example.com"]),
    },
    {
      name: "a default backend of the user's own takes it",
      given: hosts(["*.example.com"], { defaultBackend: toService("web") }),
    },
    {
      name: "another Ingress serves the bare domain",
      given: {
        ...hosts(["*.example.com"]),
        ingresses: known([ingress({ name: "apex", rules: [rule("example.com", path("/"))] })]),
      },
    },
    {
      name: "TLS hosts that are routed",
      given: hosts(["*.example.com", "example.com"], tls("*.example.com", "example.com")),
    },
    {
      name: "certificate domains that are routed",
      given: {
        ...hosts(["example.com"], { annotations }),
        managedCertificates: known([certificate("example.com")]),
      },
    },
  ],
  broken: [
    {
      name: "a wildcard is the only host",
      given: hosts(["*.apps.example.com"]),
      want: [
        {
          text: "*.apps.example.com does not cover apps.example.com itself, and neither does another rule. Requests for apps.example.com fall to GKE's default backend, which answers 404.",
          subject: "Ingress/web#spec.rules[0].host",
          severity: "warning",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"add","path":"/spec/rules/-","value":{"host":"apps.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}}]'`,
        },
      ],
    },
    {
      name: "a hint only, where other hosts are served and nothing names the bare domain",
      given: hosts(["*.apps.example.com", "shop.example.com"]),
      want: [
        {
          text: "*.apps.example.com does not cover apps.example.com itself, and neither does another rule. Requests for apps.example.com fall to GKE's default backend, which answers 404.",
          severity: "info",
        },
      ],
    },
    {
      name: "the certificate is for the www name, too",
      given: {
        ...hosts(["example.com"], { annotations }),
        managedCertificates: known([certificate("example.com", "www.example.com")]),
      },
      want: [
        {
          text: "ManagedCertificate web-cert names www.example.com, which no rule covers. Requests for www.example.com fall to GKE's default backend, which answers 404.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a TLS host that resembles no routed one is a hint",
      given: hosts(["shop.example.com"], tls("shop.example.com", "blog.example.com")),
      want: [
        {
          text: "spec.tls[0] names blog.example.com, which no rule covers. Requests for blog.example.com fall to GKE's default backend, which answers 404.",
          subject: "Ingress/web",
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "other Ingresses may not be listed",
      given: { ...hosts(["*.example.com"]), ingresses: notRead("ingresses") },
      source: "ingresses",
    },
    {
      name: "managed certificates may not be listed",
      given: {
        ...hosts(["example.com"], { annotations }),
        managedCertificates: notRead("managedCertificates"),
      },
      source: "managedCertificates",
    },
  ],
});
