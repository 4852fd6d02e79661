import rule from "../../../../src/diagnostics/rules/live/load-balancer-rewired.ts";
import type { TargetProxy, UrlMap } from "../../../../src/model/load-balancer.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  freshAnnotations,
  ingress,
  LONG_AGO,
  NOW,
  notRead,
  servedAnnotations,
  snapshot,
} from "../../../support/builders.ts";
import { forwardingRule, live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const proxy = (changes: Partial<TargetProxy> = {}): TargetProxy => ({
  name: "k8s2-tp-x-shop-web-y",
  protocol: "HTTP",
  urlMap: "k8s2-um-x-shop-web-y",
  certificates: [],
  ...changes,
});
const map = (name: string, redirectsToHttps: boolean): UrlMap => ({
  name,
  redirectsToHttps,
  hosts: [],
  createdAt: LONG_AGO,
});
const secure = servedAnnotations({
  "ingress.kubernetes.io/https-forwarding-rule": "k8s2-fs-x-shop-web-y",
  "ingress.kubernetes.io/https-target-proxy": "k8s2-ts-x-shop-web-y",
});
const byHand = live({ targetProxies: known([proxy({ urlMap: "by-hand" })]) });

export default ruleCases(rule, {
  healthy: [
    { name: "everything leads where GKE led it", given: live() },
    { name: "nothing was built", given: live({}, { ingress: ingress({ annotations: freshAnnotations() }) }) },
    {
      name: "HTTP is redirected by a map of its own",
      given: live({
        targetProxies: known([proxy({ urlMap: "k8s2-rm-x-shop-web-y" })]),
        urlMaps: known([map("k8s2-um-x-shop-web-y", false), map("k8s2-rm-x-shop-web-y", true)]),
      }),
    },
    { name: "a part is gone, which another rule says", given: live({ targetProxies: known([]) }) },
    { name: "a change is still under way", given: { ...byHand, ingress: ingress({ changedAt: NOW }) } },
  ],
  broken: [
    {
      name: "the proxy was given another map",
      given: byHand,
      want: [
        {
          text: "Target proxy k8s2-tp-x-shop-web-y of Ingress web leads to by-hand, not to k8s2-um-x-shop-web-y, which GKE built for it.",
          subject: "Ingress/web",
          severity: "warning",
        },
      ],
    },
    {
      name: "the forwarding rule for HTTPS was given the proxy for HTTP, whose map redirects",
      given: live(
        {
          forwardingRules: known([
            forwardingRule(),
            forwardingRule({ name: "k8s2-fs-x-shop-web-y", port: 443, target: "k8s2-tp-x-shop-web-y" }),
          ]),
          targetProxies: known([
            proxy(),
            proxy({ name: "k8s2-ts-x-shop-web-y", protocol: "HTTPS", urlMap: "k8s2-rm-x-shop-web-y" }),
          ]),
          urlMaps: known([map("k8s2-um-x-shop-web-y", false), map("k8s2-rm-x-shop-web-y", true)]),
        },
        { ingress: ingress({ annotations: secure }) },
      ),
      want: [
        {
          text: "Forwarding rule k8s2-fs-x-shop-web-y of Ingress web leads to k8s2-tp-x-shop-web-y, not to k8s2-ts-x-shop-web-y, which GKE built for it.",
        },
        {
          text: "Target proxy k8s2-ts-x-shop-web-y of Ingress web leads to k8s2-rm-x-shop-web-y, not to k8s2-um-x-shop-web-y, which GKE built for it.",
        },
      ],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "target proxies cannot be read",
      given: live({ targetProxies: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
