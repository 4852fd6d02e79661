import serviceIpv6Only from "../../../../src/diagnostics/rules/service/service-ipv6-only.ts";
import { known } from "../../../../src/model/observed.ts";
import { stringMap } from "../../../../src/model/refs.ts";
import { notRead, service, servicePort, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const families = (...ipFamilies: string[]) => snapshot({ services: known([service({ ipFamilies })]) });

export default ruleCases(serviceIpv6Only, {
  healthy: [
    { name: "IPv4", given: snapshot() },
    { name: "dual stack", given: families("IPv6", "IPv4") },
    { name: "a manifest that leaves the families to the cluster", given: families() },
    {
      name: "instance groups",
      given: snapshot({
        services: known([
          service({
            type: "NodePort",
            annotations: stringMap({}),
            ipFamilies: ["IPv6"],
            ports: [servicePort({ nodePort: 30080 })],
          }),
        ]),
      }),
    },
  ],
  broken: [
    {
      name: "IPv6 alone",
      given: families("IPv6"),
      want: [
        {
          text: "Service web has the IP family IPv6 alone. GKE makes no network endpoint group for it, so no change of this Ingress is applied.",
          subject: "Service/web#spec.ipFamilies",
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
