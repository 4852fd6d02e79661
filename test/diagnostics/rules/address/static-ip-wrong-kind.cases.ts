import rule from "../../../../src/diagnostics/rules/address/static-ip-wrong-kind.ts";
import type { Address } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { loadBalancer } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import {
  asking,
  GLOBAL_ANNOTATION,
  REGIONAL_ANNOTATION,
  reserved,
  withAddresses,
} from "../../../support/static-addresses.ts";

const external = asking({ [GLOBAL_ANNOTATION]: "web-ip" });
const internal = asking({ "kubernetes.io/ingress.class": "gce-internal", [REGIONAL_ANNOTATION]: "web-ip" });
const both = { ...internal, tls: [{ hosts: [], secretName: "web-tls" }] };
const VIP = "a regional internal address with purpose SHARED_LOADBALANCER_VIP";

const global = (changes: Partial<Address>) =>
  snapshot({
    ingress: external,
    loadBalancer: withAddresses({ ...reserved("web-ip", "global"), ...changes }),
  });
const regional = (changes: Partial<Address>, ingress = internal) =>
  snapshot({
    ingress,
    loadBalancer: known(
      loadBalancer({
        addresses: known([{ ...reserved("web-ip", "us-central1"), type: "INTERNAL", ...changes }]),
        subnetworks: known([
          {
            name: "proxies",
            region: "us-central1",
            network: "vpc",
            range: "10.129.0.0/23",
            purpose: "REGIONAL_MANAGED_PROXY",
            role: "ACTIVE",
          },
        ]),
      }),
    ),
  });

export default ruleCases(rule, {
  healthy: [
    { name: "no reserved address", given: snapshot() },
    { name: "a global external address", given: global({ type: "EXTERNAL", networkTier: "PREMIUM" }) },
    { name: "an internal address for one front end", given: regional({ purpose: "GCE_ENDPOINT" }) },
    { name: "a shared internal address", given: regional({ purpose: "SHARED_LOADBALANCER_VIP" }, both) },
    {
      name: "an address that is served",
      given: regional({}, { ...both, addresses: ["203.0.113.99"] }),
    },
    {
      name: "an address of another scope, which another rule says",
      given: snapshot({ ingress: external, loadBalancer: withAddresses(reserved("web-ip", "us-central1")) }),
    },
  ],
  broken: [
    {
      name: "an external address for an internal load balancer",
      given: regional({ type: "EXTERNAL" }),
      want: [
        {
          text: `Reserved address web-ip of Ingress web is of type EXTERNAL; the load balancer needs ${VIP}.`,
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.regional-static-ip-name]",
          severity: "error",
        },
      ],
    },
    {
      name: "an address of the Standard tier",
      given: global({ type: "EXTERNAL", networkTier: "STANDARD" }),
      want: [
        {
          text: "Reserved address web-ip of Ingress web is of network tier STANDARD; the load balancer needs a global external address of tier PREMIUM.",
        },
      ],
    },
    {
      name: "an address that HTTP and HTTPS cannot share",
      given: regional({ purpose: "GCE_ENDPOINT" }, both),
      want: [
        {
          text: `Reserved address web-ip of Ingress web has purpose GCE_ENDPOINT; the load balancer needs ${VIP}.`,
        },
      ],
    },
    {
      name: "an address for something else",
      given: regional({ purpose: "DNS_RESOLVER" }),
      want: [
        {
          text: `Reserved address web-ip of Ingress web has purpose DNS_RESOLVER; the load balancer needs ${VIP}.`,
        },
      ],
    },
    {
      name: "an address reserved in the proxy-only subnet",
      given: regional({ purpose: "GCE_ENDPOINT", subnetwork: "proxies" }),
      want: [
        {
          text: `Reserved address web-ip of Ingress web lies in proxies, a proxy-only subnet, where no forwarding rule gets an address; the load balancer needs ${VIP}.`,
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot({ ingress: external }), source: "loadBalancer" },
    {
      name: "addresses cannot be read",
      given: snapshot({
        ingress: external,
        loadBalancer: known(loadBalancer({ addresses: notRead("loadBalancer") })),
      }),
      source: "loadBalancer",
    },
  ],
});
