import externalNameWithoutNeg from "../../../../src/diagnostics/rules/service/external-name-without-neg.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, service, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

export default ruleCases(externalNameWithoutNeg, {
  healthy: [
    { name: "a ClusterIP Service", given: snapshot() },
    {
      name: "with NEGs it passes, which is another finding",
      given: snapshot({ services: known([service({ type: "ExternalName" })]) }),
    },
  ],
  broken: [
    {
      name: "an alias",
      given: snapshot({
        services: known([
          service({
            type: "ExternalName",
            externalName: "api.example.net",
            annotations: stringMap({}),
            selector: undefined,
          }),
        ]),
      }),
      want: [
        {
          text: "Service web is of type ExternalName and leads to api.example.net. GKE takes no such Service as a backend, so no change of this Ingress is applied.",
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
