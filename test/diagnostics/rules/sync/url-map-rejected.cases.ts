import urlMapRejected from "../../../../src/diagnostics/rules/sync/url-map-rejected.ts";
import { snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const HOSTS =
  "CreateUrlMap: googleapi: Error 413: Value for field 'resource.hostRules' is too large: maximum size 50 element(s); actual size 53., fieldSizeTooLarge";
const refused = (field: string, value: string) =>
  `CreateUrlMap: googleapi: Error 400: Invalid value for field 'resource.${field}': '${value}'. No., invalid`;

export default ruleCases(urlMapRejected, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a map that was made smaller", given: recovered(HOSTS) },
    {
      name: "a path that breaks the rules for paths, which is another finding",
      given: neverBuilt(refused("pathMatchers[0].pathRules[0].paths[0]", "/v[0-9]+/.*")),
    },
    {
      name: "too many certificates, which is another finding",
      given: neverBuilt(HOSTS.replace("hostRules", "sslCertificates")),
    },
  ],
  broken: [
    {
      name: "more hosts than a map holds",
      given: neverBuilt(HOSTS),
      want: [
        {
          text: "Compute Engine refuses the URL map: resource.hostRules has 53 elements and may have 50, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web#spec.rules",
          severity: "error",
        },
      ],
    },
    {
      name: "a size without numbers",
      given: neverBuilt(
        "UpdateURLMap: googleapi: Error 413: Value for field 'resource' is too large., fieldSizeTooLarge",
      ),
      want: [
        {
          text: "Compute Engine refuses the URL map because resource is too large, so no change of Ingress web reaches its load balancer: UpdateURLMap: googleapi: Error 413: Value for field 'resource' is too large., fieldSizeTooLarge.",
        },
      ],
    },
    {
      name: "a host that is none",
      given: neverBuilt(refused("hostRules[0].hosts[0]", "a..b")),
      want: [
        {
          text: `Compute Engine refuses the URL map, so no change of Ingress web reaches its load balancer: ${refused("hostRules[0].hosts[0]", "a..b")}.`,
        },
      ],
    },
    {
      name: "a path that looks right",
      given: neverBuilt(refused("pathMatchers[0].pathRules[0].paths[0]", "/fine/*")),
      want: [
        {
          text: `Compute Engine refuses the URL map, so no change of Ingress web reaches its load balancer: ${refused("pathMatchers[0].pathRules[0].paths[0]", "/fine/*")}.`,
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
