import serviceMissing from "../../../../src/diagnostics/rules/service/service-missing.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  ingress,
  notRead,
  path,
  ref,
  rule,
  service,
  servicePort,
  snapshot,
  toService,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const twoPaths = ingress({
  rules: [rule("shop.example.com", path("/"), path("/api", "api"))],
});

export default ruleCases(serviceMissing, {
  healthy: [
    { name: "the Service exists", given: snapshot() },
    {
      name: "the port is missing, which is another finding",
      given: snapshot({ services: known([service({ ports: [] })]) }),
    },
    {
      name: "GKE's default backend is missing, which is another finding",
      given: snapshot({ systemDefaultBackend: known(undefined) }),
    },
  ],
  broken: [
    {
      name: "one of two Services is missing",
      given: snapshot({ ingress: twoPaths }),
      want: [
        {
          text: "spec.rules[0].http.paths[1] names Service api, which does not exist in namespace shop. No change of this Ingress is applied.",
          subject: "Ingress/web#spec.rules[0].http.paths[1]",
          severity: "error",
          command: "(none)",
        },
      ],
    },
    {
      name: "the default backend is missing",
      given: snapshot({ ingress: ingress({ defaultBackend: toService("fallback") }) }),
      want: [
        {
          text: "spec.defaultBackend names Service fallback, which does not exist in namespace shop. No change of this Ingress is applied.",
          subject: "Ingress/web#spec.defaultBackend",
        },
      ],
    },
    {
      name: "a similar name, used twice",
      given: snapshot({
        ingress: ingress({
          rules: [rule("shop.example.com", path("/", "checkuot"))],
          defaultBackend: toService("checkuot"),
        }),
        services: known([service({ name: "checkout" })]),
      }),
      want: [
        {
          text: "spec.rules[0].http.paths[0], spec.defaultBackend names Service checkuot, which does not exist in namespace shop; Service checkout does. No change of this Ingress is applied.",
          command: `kubectl patch ingress web -n shop --type=json -p '[{"op":"test","path":"/spec/rules/0/http/paths/0/backend/service/name","value":"checkuot"},{"op":"add","path":"/spec/rules/0/http/paths/0/backend/service/name","value":"checkout"},{"op":"test","path":"/spec/defaultBackend/service/name","value":"checkuot"},{"op":"add","path":"/spec/defaultBackend/service/name","value":"checkout"}]'`,
        },
      ],
    },
    {
      name: "a similar name without the port is named, but not put in",
      given: snapshot({
        ingress: ingress({ rules: [rule("shop.example.com", path("/", "wen"))] }),
        services: known([service({ ports: [servicePort({ port: 443 })] })]),
      }),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names Service wen, which does not exist in namespace shop; Service web does. No change of this Ingress is applied.",
          command: "(none)",
        },
      ],
    },
    {
      name: "the Service lives in another namespace",
      given: snapshot({ services: known([service({ ref: ref("v1", "Service", "web", "backend") })]) }),
      want: [
        {
          text: "spec.rules[0].http.paths[0] names Service web, which exists in namespace backend and not in shop, the only one this Ingress reaches. No change of this Ingress is applied.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ ingress: twoPaths, services: notRead("services") }),
      source: "services",
    },
  ],
});
