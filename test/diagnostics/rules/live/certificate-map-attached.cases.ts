import rule from "../../../../src/diagnostics/rules/live/certificate-map-attached.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const proxy = { name: "k8s2-ts-x", protocol: "HTTPS", urlMap: "m", certificates: ["corp"] } as const;

export default ruleCases(rule, {
  healthy: [
    { name: "a proxy without a map", given: live() },
    { name: "an HTTPS proxy with certificates", given: live({ targetProxies: known([proxy]) }) },
  ],
  broken: [
    {
      name: "a map is attached",
      given: live({ targetProxies: known([{ ...proxy, certificateMap: "corp-map" }]) }),
      want: [
        {
          text: "Target proxy k8s2-ts-x of Ingress web has certificate map corp-map, so the certificates of the Ingress are not served.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "proxies cannot be read",
      given: live({ targetProxies: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
