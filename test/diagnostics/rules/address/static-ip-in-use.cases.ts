import staticIpInUse from "../../../../src/diagnostics/rules/address/static-ip-in-use.ts";
import type { Ingress } from "../../../../src/model/ingress.ts";
import type { ForwardingRule } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { ingress, NOW, notRead, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { forwardingRule, loadBalancer } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { asking, GLOBAL_ANNOTATION, reserved } from "../../../support/static-addresses.ts";
import { eventsUnreadable, frozen, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const IN_USE =
  "googleapi: Error 400: Invalid value for field 'resource.IPAddress': '203.0.113.9'. Specified IP address is in-use and would result in a conflict., invalid";
const wanting = asking({ [GLOBAL_ANNOTATION]: "web-ip" });
const text =
  "Ingress web and Ingress shop/first both name the reserved address web-ip, and shop/first has it, so Ingress web gets no front end.";

/** Google's side, where `rules` of others use address `web-ip`. */
function usedBy(...rules: readonly Partial<ForwardingRule>[]): Snapshot["loadBalancer"] {
  const address = { ...reserved("web-ip", "global"), status: "IN_USE", users: ["their-rule"] };
  const rivals = rules.map((changes) =>
    forwardingRule({ name: "their-rule", address: address.address, target: "their-proxy", ...changes }),
  );
  return known(
    loadBalancer({ forwardingRules: known([]), addresses: known([address]), rivals: known(rivals) }),
  );
}

/** Another Ingress that is served under the same reserved address. */
function holder(changes: Partial<Ingress> = {}, more: Readonly<Record<string, string>> = {}): Ingress {
  return ingress({
    name: "first",
    annotations: servedAnnotations({ [GLOBAL_ANNOTATION]: "web-ip", ...more }),
    ...changes,
  });
}

export default ruleCases(staticIpInUse, {
  healthy: [
    { name: "no reserved address", given: snapshot() },
    { name: "an address that was given up since", given: recovered(IN_USE) },
    {
      name: "the Ingress that has the address the other one wants",
      given: snapshot({
        ingress: ingress({ annotations: servedAnnotations({ [GLOBAL_ANNOTATION]: "web-ip" }) }),
        ingresses: known([ingress({ name: "second", annotations: wanting.annotations, addresses: [] })]),
      }),
    },
    {
      name: "an Ingress of another class with the same name for its address",
      given: snapshot({
        ingress: wanting,
        ingresses: known([holder({}, { "kubernetes.io/ingress.class": "gce-internal" })]),
      }),
    },
    {
      name: "one Ingress with HTTP and one with HTTPS, which share an address",
      given: snapshot({
        ingress: wanting,
        ingresses: known([
          holder(
            { tls: [{ hosts: [], secretName: "web-tls" }] },
            { "kubernetes.io/ingress.allow-http": "false" },
          ),
        ]),
      }),
    },
    {
      name: "Google says that the port is free: others use another one",
      given: snapshot({ ingress: wanting, loadBalancer: usedBy({ port: 443 }) }),
    },
    {
      name: "a rule that was there a moment ago",
      given: snapshot({ ingress: { ...wanting, changedAt: NOW }, loadBalancer: usedBy({}) }),
    },
    {
      name: "another reserved address",
      given: snapshot({ ingress: asking({ [GLOBAL_ANNOTATION]: "b-ip" }), ingresses: known([holder()]) }),
    },
  ],
  broken: [
    {
      name: "two Ingresses that name one address",
      given: neverBuilt(IN_USE, undefined, { ingress: wanting, ingresses: known([holder()]) }),
      want: [
        {
          text,
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.global-static-ip-name]",
          severity: "error",
        },
      ],
    },
    {
      name: "the same before the controller says so",
      given: snapshot({ ingress: wanting, ingresses: known([holder()]) }),
      want: [{ text }],
    },
    {
      name: "an address that a load balancer outside the cluster has",
      given: neverBuilt(IN_USE, undefined, { ingress: wanting }),
      want: [
        {
          text: "Address 203.0.113.9 of Ingress web is used by another forwarding rule, so Compute Engine refuses the front end.",
        },
      ],
    },
    {
      name: "an address that Google gave to another load balancer, before the controller says so",
      given: snapshot({ ingress: wanting, loadBalancer: usedBy({}) }),
      want: [
        {
          text: "Port 80 of the reserved address web-ip (203.0.113.99) belongs to another forwarding rule, so Ingress web gets no front end there.",
          severity: "error",
          subject: "Ingress/web#metadata.annotations[kubernetes.io/ingress.global-static-ip-name]",
        },
      ],
    },
    {
      name: "an address that an Ingress of another namespace left in use: its name is nobody's business here",
      given: snapshot({ ingress: wanting, loadBalancer: usedBy({ ingress: "bank/secret" }) }),
      want: [
        {
          text: "Port 80 of the reserved address web-ip (203.0.113.99) belongs to another forwarding rule, so Ingress web gets no front end there.",
        },
      ],
    },
    {
      name: "an address that a deleted Ingress of the namespace left in use",
      given: neverBuilt(IN_USE, undefined, {
        ingress: wanting,
        loadBalancer: usedBy({ ingress: "shop/old", name: "k8s2-fr-x-shop-old-z" }),
      }),
      want: [
        {
          text: "Port 80 of the reserved address web-ip (203.0.113.99) belongs to a forwarding rule made for Ingress old, so Ingress web gets no front end there.",
        },
      ],
    },
    {
      name: "an address that no annotation names",
      given: frozen("googleapi: Error 409: IP_IN_USE_BY_ANOTHER_RESOURCE - already used"),
      want: [
        {
          text: "Address (not named) of Ingress web is used by another forwarding rule, so Compute Engine refuses the front end.",
          subject: "Ingress/web",
        },
      ],
    },
  ],
  undecided: [
    eventsUnreadable,
    {
      name: "other Ingresses may not be listed",
      given: snapshot({ ingress: wanting, ingresses: notRead("ingresses") }),
      source: "ingresses",
    },
  ],
});
