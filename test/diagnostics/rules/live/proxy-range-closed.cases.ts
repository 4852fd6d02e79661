import rule from "../../../../src/diagnostics/rules/live/proxy-range-closed.ts";
import { known } from "../../../../src/model/observed.ts";
import { ingress, notRead, servedAnnotations } from "../../../support/builders.ts";
import { firewall, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const internal = {
  ingress: ingress({ annotations: servedAnnotations({ "kubernetes.io/ingress.class": "gce-internal" }) }),
};
const subnet = {
  name: "proxies",
  region: "us-central1",
  network: "default",
  range: "10.129.0.0/23",
  purpose: "REGIONAL_MANAGED_PROXY",
  role: "ACTIVE",
};
const open = firewall({ sourceRanges: ["130.211.0.0/22", "35.191.0.0/16", "10.129.0.0/23"] });

export default ruleCases(rule, {
  healthy: [
    { name: "an external Ingress", given: live({ subnetworks: known([subnet]) }) },
    {
      name: "the proxies are let in",
      given: live({ subnetworks: known([subnet]), firewalls: known([open]) }, internal),
    },
    {
      name: "a subnet that is only in reserve",
      given: live({ subnetworks: known([{ ...subnet, role: "BACKUP" }]) }, internal),
    },
  ],
  broken: [
    {
      name: "only the probers are let in",
      given: live({ subnetworks: known([subnet]) }, internal),
      want: [
        {
          text: "No firewall rule allows TCP 8080 from proxy-only subnet proxies (10.129.0.0/23), so requests do not reach Service web.",
          command:
            "gcloud compute firewall-rules create allow-proxies-8080 --network=NETWORK --allow=tcp:8080 --source-ranges=10.129.0.0/23",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "subnetworks cannot be read",
      given: live({ subnetworks: notRead("loadBalancer") }, internal),
      source: "loadBalancer",
    },
  ],
});
