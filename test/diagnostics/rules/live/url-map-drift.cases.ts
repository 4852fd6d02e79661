import rule from "../../../../src/diagnostics/rules/live/url-map-drift.ts";
import type { UrlMap } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  rule as hostRule,
  ingress,
  LONG_AGO,
  NOW,
  negName,
  notRead,
  path,
  snapshot,
} from "../../../support/builders.ts";
import { live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const map = (...hosts: UrlMap["hosts"]) =>
  known([{ name: "k8s2-um-x-shop-web-y", redirectsToHttps: false, createdAt: LONG_AGO, hosts }]);
const paths = (...written: readonly string[]) =>
  written.map((one) => ({ path: one, service: negName("web") }));
const api = ingress({ rules: [hostRule("shop.example.com", path("/"), path("/api"))] });

export default ruleCases(rule, {
  healthy: [
    { name: "the live map is the translated one", given: live() },
    {
      name: "a change is still spreading",
      given: live({ urlMaps: map() }, { ingress: ingress({ changedAt: NOW }) }),
    },
    { name: "the map is missing, which another rule says", given: live({ urlMaps: known([]) }) },
    {
      name: "a missing Service keeps the change back",
      given: live({ urlMaps: map() }, { services: known([]) }),
    },
  ],
  broken: [
    {
      name: "a path that never arrived and a host that stayed",
      given: live(
        {
          urlMaps: map(
            { host: "shop.example.com", paths: paths("/*") },
            { host: "old.example.com", paths: [] },
          ),
        },
        { ingress: api },
      ),
      want: [
        {
          text: "URL map k8s2-um-x-shop-web-y differs from Ingress web, last changed at 2026-11-23T11:00:00Z: host old.example.com is still in it, shop.example.com/api is not in it, shop.example.com/api/* is not in it.",
          severity: "warning",
        },
      ],
    },
    {
      name: "a path sent elsewhere by hand",
      given: live({
        urlMaps: map({ host: "shop.example.com", paths: [{ path: "/*", service: "by-hand" }] }),
      }),
      want: [
        {
          text: "URL map k8s2-um-x-shop-web-y differs from Ingress web, last changed at 2026-11-23T11:00:00Z: shop.example.com/* goes to by-hand, not to k8s1-7c1e09d2-shop-web-80-0badc0de.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "URL maps cannot be read",
      given: live({ urlMaps: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
