import proxyOnlySubnetMissing from "../../../../src/diagnostics/rules/address/proxy-only-subnet-missing.ts";
import type { Subnetwork } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import { NOW, notRead, snapshot } from "../../../support/builders.ts";
import { loadBalancer } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking } from "../../../support/static-addresses.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const missing = (target: string, sentence: string) =>
  `googleapi: Error 400: Invalid value for field 'resource.target': '${target}'. ${sentence} is required in the same region and VPC as the forwarding rule., invalid`;
const OLD = missing(
  "https://compute.example/projects/p/regions/us-central1/targetHttpProxies/x",
  "A reserved and active subnetwork",
);
const NEW = missing("x", "An active proxy-only subnetwork");

const subnet = (changes: Partial<Subnetwork> = {}): Subnetwork => ({
  name: "nodes",
  region: "us-central1",
  network: "vpc",
  range: "10.128.0.0/20",
  purpose: "PRIVATE",
  ...changes,
});
const proxies = (changes: Partial<Subnetwork> = {}) =>
  subnet({
    name: "proxies",
    range: "10.129.0.0/23",
    purpose: "REGIONAL_MANAGED_PROXY",
    role: "ACTIVE",
    ...changes,
  });
const internal = asking({ "kubernetes.io/ingress.class": "gce-internal" });

/** An internal Ingress without an address, in a project with these subnets. */
const among = (...subnetworks: readonly Subnetwork[]) =>
  snapshot({
    ingress: internal,
    loadBalancer: known(loadBalancer({ subnetworks: known(subnetworks) })),
  });
const absentText = (count: string) =>
  `Network vpc of the cluster has ${count} in region us-central1, none of them an active proxy-only one, so Ingress web gets no front end.`;

export default ruleCases(proxyOnlySubnetMissing, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a subnet that was created since", given: recovered(OLD) },
    { name: "an active proxy-only subnet in the cluster's network", given: among(subnet(), proxies()) },
    {
      name: "the older purpose",
      given: among(subnet(), proxies({ purpose: "INTERNAL_HTTPS_LOAD_BALANCER" })),
    },
    {
      name: "a Shared VPC, whose subnets are in the host project",
      given: among(subnet({ range: "10.200.0.0/20", network: "default" })),
    },
    {
      name: "an internal Ingress that is served",
      given: { ...among(subnet()), ingress: { ...internal, addresses: ["10.128.0.9"] } },
    },
    {
      name: "an internal Ingress that has just been made",
      given: { ...among(subnet()), ingress: { ...internal, createdAt: NOW } },
    },
  ],
  broken: [
    {
      name: "a message that names the region",
      given: neverBuilt(OLD),
      want: [
        {
          text: "Compute Engine finds no active proxy-only subnet in region us-central1, so Ingress web gets no front end.",
          subject: "Ingress/web",
          severity: "error",
        },
      ],
    },
    {
      name: "a newer wording without a region",
      given: neverBuilt(NEW),
      want: [{ text: "Compute Engine finds no active proxy-only subnet, so Ingress web gets no front end." }],
    },
    {
      name: "no proxy-only subnet, before the controller says so",
      given: among(subnet()),
      want: [{ text: absentText("1 subnet"), subject: "Ingress/web", severity: "error" }],
    },
    {
      name: "one on stand-by, and one in another network",
      given: among(subnet(), proxies({ role: "BACKUP" }), proxies({ network: "default" })),
      want: [{ text: absentText("2 subnets") }],
    },
  ],
  undecided: [
    eventsUnreadable,
    {
      name: "subnets cannot be read",
      given: {
        ...among(),
        loadBalancer: known(loadBalancer({ subnetworks: notRead("loadBalancer") })),
      },
      source: "loadBalancer",
    },
  ],
});
