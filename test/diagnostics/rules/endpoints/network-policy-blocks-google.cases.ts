import rule from "../../../../src/diagnostics/rules/endpoints/network-policy-blocks-google.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  networkPolicy,
  nodePortService,
  notRead,
  reportedIngress,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const google = [
  { cidr: "130.211.0.0/22", except: [] },
  { cidr: "35.191.0.0/16", except: [] },
];

export default ruleCases(rule, {
  healthy: [
    { name: "no policy", given: snapshot() },
    {
      name: "a policy admits Google's ranges",
      given: snapshot({
        networkPolicies: known([networkPolicy({ ingress: [{ from: google, ports: undefined }] })]),
      }),
    },
    {
      name: "the policy is for other pods",
      given: snapshot({
        networkPolicies: known([
          networkPolicy({ podSelector: { matchLabels: { app: "db" }, matchExpressions: [] } }),
        ]),
      }),
    },
    {
      name: "requests come by way of the nodes",
      given: snapshot({ services: known([nodePortService()]), networkPolicies: known([networkPolicy()]) }),
    },
  ],
  broken: [
    {
      name: "everything is refused, and the health checks fail",
      given: snapshot({ ingress: reportedIngress("UNHEALTHY"), networkPolicies: known([networkPolicy()]) }),
      want: [
        {
          text: "The NetworkPolicies of the pods of Service web (deny-all) admit nothing from 130.211.0.0/22 and 35.191.0.0/16 to port 8080, where Google's health checks and requests come from, and the load balancer reports the backend UNHEALTHY.",
          subject: "NetworkPolicy/deny-all",
          severity: "warning",
          command: `kubectl patch networkpolicy deny-all -n shop --type=json -p '[{"op":"add","path":"/spec/ingress","value":[{"from":[{"ipBlock":{"cidr":"130.211.0.0/22"}},{"ipBlock":{"cidr":"35.191.0.0/16"}}],"ports":[{"protocol":"TCP","port":8080}]}]}]'`,
        },
      ],
    },
    {
      name: "one range is forgotten, and the backend is healthy all the same",
      given: snapshot({
        networkPolicies: known([
          networkPolicy({
            ingress: [{ from: google.slice(0, 1), ports: [{ protocol: "TCP", port: "http" }] }],
          }),
        ]),
      }),
      want: [
        {
          text: "The NetworkPolicies of the pods of Service web (deny-all) admit nothing from 35.191.0.0/16 to port 8080, where Google's health checks and requests come from.",
          severity: "info",
          command: `kubectl patch networkpolicy deny-all -n shop --type=json -p '[{"op":"add","path":"/spec/ingress/-","value":{"from":[{"ipBlock":{"cidr":"35.191.0.0/16"}}],"ports":[{"protocol":"TCP","port":8080}]}}]'`,
        },
      ],
    },
  ],
  undecided: [
    {
      name: "NetworkPolicies may not be listed",
      given: snapshot({ networkPolicies: notRead("networkPolicies") }),
      source: "networkPolicies",
    },
  ],
});
