import urlMapNearLimit from "../../../../src/diagnostics/rules/routing/url-map-near-limit.ts";
import { freshAnnotations, ingress, path, rule, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);
const hosts = (count: number) => numbered(count).map((index) => rule(`h${index}.example.com`, path("/")));
const paths = (count: number) =>
  rule("shop.example.com", ...numbered(count).map((index) => path(`/p${index}`)));

export default ruleCases(urlMapNearLimit, {
  healthy: [
    {
      name: "51 hosts, more than old controllers took",
      given: snapshot({ ingress: ingress({ rules: hosts(51) }) }),
    },
    {
      name: "an internal load balancer holds twice the hosts",
      given: snapshot({
        ingress: ingress({
          rules: hosts(900),
          annotations: freshAnnotations({ "kubernetes.io/ingress.class": "gce-internal" }),
        }),
      }),
    },
    { name: "399 Prefix paths", given: snapshot({ ingress: ingress({ rules: [paths(399)] }) }) },
  ],
  broken: [
    {
      name: "800 hosts",
      given: snapshot({ ingress: ingress({ rules: hosts(800) }) }),
      want: [{ text: "The rules name 800 hosts; a URL map holds 1000.", severity: "info" }],
    },
    {
      name: "400 Prefix paths count twice",
      given: snapshot({ ingress: ingress({ rules: [paths(400)] }) }),
      want: [{ text: "Host shop.example.com has 800 paths in the URL map; a host holds 1000." }],
    },
  ],
  undecided: [],
});
