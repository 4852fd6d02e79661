import externalNameService from "../../../../src/diagnostics/rules/service/external-name-service.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(externalNameService, {
  healthy: [
    { name: "a ClusterIP Service", given: snapshot() },
    {
      name: "without NEGs it is refused, which is another finding",
      given: snapshot({ services: known([service({ type: "ExternalName", annotations: stringMap({}) })]) }),
    },
  ],
  broken: [
    {
      name: "an alias with the NEG annotation",
      given: snapshot({
        services: known([
          service({ type: "ExternalName", externalName: "api.example.net", selector: undefined }),
        ]),
      }),
      want: [
        {
          text: "Port 80 of Service web leads to the external name api.example.net. An ExternalName Service has no endpoints, so the load balancer has nowhere to send requests.",
          subject: "Service/web#spec.type",
          severity: "error",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Services may not be listed",
      given: snapshot({ services: notRead("services") }),
      source: "services",
    },
  ],
});
