import rule from "../../../../src/diagnostics/rules/health/health-check-timeout-exceeds-interval.ts";
import { known } from "../../../../src/model/observed.ts";
import {
  container,
  freshAnnotations,
  httpProbe,
  ingress,
  notRead,
  snapshot,
} from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { neverBuilt } from "../../../support/sync-failures.ts";
import { podsWith, withHealthCheck } from "../../../support/unhealthy.ts";

const unbuilt = ingress({ annotations: freshAnnotations(), addresses: [] });
const REFUSED =
  "error ensuring health check: googleapi: Error 400: Invalid value for field 'resource.timeoutSec': '30'. Must not exceed checkIntervalSec, invalid";
const slowProbe = container({ readinessProbe: httpProbe({ timeoutSeconds: 15, periodSeconds: 10 }) });

export default ruleCases(rule, {
  healthy: [
    { name: "no BackendConfig", given: snapshot() },
    { name: "equal values", given: snapshot(withHealthCheck({ timeoutSec: 10, checkIntervalSec: 10 })) },
    {
      name: "a health check that was made with another interval",
      given: snapshot(withHealthCheck({ timeoutSec: 30 })),
    },
  ],
  broken: [
    {
      name: "a BackendConfig with both values",
      given: snapshot(withHealthCheck({ timeoutSec: 20, checkIntervalSec: 10 })),
      want: [
        {
          text: "The health check of Service web has a timeout of 20 s (BackendConfig web-bc) and an interval of 10 s (BackendConfig web-bc), and Compute Engine takes no timeout above the interval. No change of this Ingress is applied.",
          subject: "BackendConfig/web-bc#spec.healthCheck.timeoutSec",
          severity: "error",
          command:
            'kubectl patch backendconfig web-bc -n shop --type=json -p \'[{"op":"test","path":"/spec/healthCheck/timeoutSec","value":20},{"op":"add","path":"/spec/healthCheck/timeoutSec","value":10}]\'',
        },
      ],
    },
    {
      name: "Compute Engine refuses a timeout beside a probe's period",
      given: neverBuilt(REFUSED, "backend", withHealthCheck({ timeoutSec: 30 })),
      want: [
        {
          text: "The health check of Service web has a timeout of 30 s (BackendConfig web-bc) and an interval of 10 s (readiness probe of pod web-1, container app), and Compute Engine takes no timeout above the interval. No change of this Ingress is applied.",
          severity: "error",
        },
      ],
    },
    {
      name: "a readiness probe that waits longer than its period, before anything is built",
      given: snapshot({ ingress: unbuilt, ...podsWith(slowProbe), events: known([]) }),
      want: [
        {
          text: "A health check of Service web made now has a timeout of 15 s (readiness probe of pod web-1, container app) and an interval of 10 s (readiness probe of pod web-1, container app), and Compute Engine takes no timeout above the interval.",
          subject: "Service/web",
          severity: "warning",
          command: "(none)",
        },
      ],
    },
    {
      name: "an interval below the probe's timeout",
      given: snapshot({
        ingress: unbuilt,
        ...withHealthCheck({ checkIntervalSec: 5 }),
        ...podsWith(slowProbe),
      }),
      want: [
        {
          text: "A health check of Service web made now has a timeout of 15 s (readiness probe of pod web-1, container app) and an interval of 5 s (BackendConfig web-bc), and Compute Engine takes no timeout above the interval.",
          subject: "BackendConfig/web-bc#spec.healthCheck.timeoutSec",
          command: "(none)",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "Events may not be listed, and the health check may have another interval",
      given: snapshot({ ...withHealthCheck({ timeoutSec: 30 }), events: notRead("events") }),
      source: "events",
    },
  ],
});
