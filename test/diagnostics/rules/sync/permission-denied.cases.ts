import permissionDenied from "../../../../src/diagnostics/rules/sync/permission-denied.ts";
import { known } from "../../../../src/model/observed.ts";
import { event, negName, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { eventsUnreadable, negWarning, neverBuilt, recovered } from "../../../support/sync-failures.ts";

const DENIED =
  "error ensuring health check: googleapi: Error 403: Required 'compute.healthChecks.create' permission for 'projects/demo-project/global/healthChecks/x', forbidden";
const ATTACH = `Failed to Attach 1 network endpoint(s) (NEG "${negName("web")}" in zone "z-a"): googleapi: Error 403: Required 'compute.networkEndpointGroups.attachNetworkEndpoints' permission for 'x', forbidden`;

export default ruleCases(permissionDenied, {
  healthy: [
    { name: "no error", given: snapshot() },
    { name: "a role that was given back", given: recovered(DENIED, "backend") },
    {
      name: "a quota, which is answered with 403, too",
      given: neverBuilt(
        "googleapi: Error 403: Quota 'URL_MAPS' exceeded. Limit: 10.0 globally., quotaExceeded",
      ),
    },
  ],
  broken: [
    {
      name: "a permission with its project",
      given: neverBuilt(DENIED, "backend"),
      want: [
        {
          text: "Google answers 403 because the GKE service agent lacks permission compute.healthChecks.create, so no change of Ingress web reaches its load balancer.",
          subject: "Ingress/web",
          command: `gcloud projects add-iam-policy-binding demo-project --member="serviceAccount:service-$(gcloud projects describe demo-project --format='value(projectNumber)')@container-engine-robot.iam.gserviceaccount.com" --role=roles/container.serviceAgent`,
        },
      ],
    },
    {
      name: "attaching endpoints",
      given: snapshot({ events: known([event(), negWarning(ATTACH, "AttachFailed")]) }),
      want: [
        {
          text: "Google answers 403 because the GKE service agent lacks permission compute.networkEndpointGroups.attachNetworkEndpoints, so the network endpoint groups of Service web are not made or not filled.",
          subject: "Service/web",
          command: "(none)",
        },
      ],
    },
    {
      name: "an answer that names no permission",
      given: neverBuilt("googleapi: Error 403: Insufficient Permission, insufficientPermissions"),
      want: [
        {
          text: "Google answers 403 to the GKE service agent without naming the permission, so no change of Ingress web reaches its load balancer: googleapi: Error 403: Insufficient Permission, insufficientPermissions.",
        },
      ],
    },
  ],
  undecided: [eventsUnreadable],
});
