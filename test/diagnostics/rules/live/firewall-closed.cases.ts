import rule from "../../../../src/diagnostics/rules/live/firewall-closed.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { ALL_UNHEALTHY, firewall, live, neg } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const unhealthy = (...firewalls: readonly ReturnType<typeof firewall>[]) =>
  live({ backendServices: ALL_UNHEALTHY, firewalls: known(firewalls) });
const inNetwork = (network: string, ...firewalls: readonly ReturnType<typeof firewall>[]) =>
  live({
    backendServices: ALL_UNHEALTHY,
    firewalls: known(firewalls),
    negs: known([{ ...neg("10.4.0.1", "10.4.0.2"), network }]),
  });
const deny = firewall({
  name: "no-google",
  action: "deny",
  priority: 500,
  targetTags: [],
  sourceRanges: ["0.0.0.0/0"],
  rules: [{ protocol: "all", ports: undefined }],
});

export default ruleCases(rule, {
  healthy: [
    { name: "GKE's rule is there", given: unhealthy(firewall()) },
    { name: "a healthy backend, whatever the rules look like", given: live({ firewalls: known([deny]) }) },
    { name: "a deny rule of lower priority", given: unhealthy(firewall(), { ...deny, priority: 65535 }) },
    {
      name: "a deny rule for tagged machines only",
      given: unhealthy(firewall(), { ...deny, targetTags: ["bastion"] }),
    },
    {
      name: "a wider rule of the user's own",
      given: unhealthy(
        firewall({
          name: "own",
          sourceRanges: ["0.0.0.0/0"],
          rules: [{ protocol: "all", ports: undefined }],
        }),
      ),
    },
    {
      name: "a deny rule of another network",
      given: inNetwork("demo-project/vpc", firewall({ network: "vpc" }), { ...deny, network: "legacy" }),
    },
  ],
  broken: [
    {
      name: "only another network's rule opens the port",
      given: inNetwork("demo-project/vpc", firewall({ network: "default" })),
      want: [
        {
          text: "No firewall rule allows TCP 8080 from 130.211.0.0/22, 35.191.0.0/16, so Google's probers do not reach Service web.",
          command:
            "gcloud compute firewall-rules create allow-google-probes-8080 --network=vpc --allow=tcp:8080 --source-ranges=130.211.0.0/22,35.191.0.0/16",
        },
      ],
    },
    {
      name: "the serving port is not opened",
      given: unhealthy(firewall({ rules: [{ protocol: "tcp", ports: ["80"] }] })),
      want: [
        {
          text: "No firewall rule allows TCP 8080 from 130.211.0.0/22, 35.191.0.0/16, so Google's probers do not reach Service web.",
          command:
            "gcloud compute firewall-rules create allow-google-probes-8080 --network=NETWORK --allow=tcp:8080 --source-ranges=130.211.0.0/22,35.191.0.0/16",
        },
      ],
    },
    {
      name: "one range is forgotten",
      given: unhealthy(firewall({ sourceRanges: ["35.191.0.0/16"] })),
      want: [
        {
          text: "No firewall rule allows TCP 8080 from 130.211.0.0/22, so Google's probers do not reach Service web.",
        },
      ],
    },
    {
      name: "a deny rule comes first",
      given: unhealthy(firewall(), deny),
      want: [
        {
          text: "Firewall rule no-google denies TCP 8080 from 130.211.0.0/22, 35.191.0.0/16, so Google's probers do not reach Service web.",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "the network is that of a Shared VPC, whose rules lie in the host project",
      given: inNetwork("host-project/vpc", deny),
      source: "loadBalancer",
    },
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "firewall rules cannot be read",
      given: live({ backendServices: ALL_UNHEALTHY, firewalls: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
