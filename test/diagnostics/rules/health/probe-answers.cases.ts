import rule from "../../../../src/diagnostics/rules/health/probe-answers.ts";
import { known, unknown } from "../../../../src/model/observed.ts";
import type { ProbeOutcome, ProbeResult } from "../../../../src/model/probe.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { target } from "../../../probe/targets.ts";
import { container, httpProbe, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";
import { newConfig, podsWith, unhealthy, unprobed, withHealthCheck } from "../../../support/unhealthy.ts";

const NOT_FOUND: ProbeOutcome = { kind: "answered", status: 404 };
const OK: ProbeOutcome = { kind: "answered", status: 200 };

/** Pods 1 and 2 answered these, to the same request. */
function probed(
  outcomes: readonly (ProbeOutcome | undefined)[],
  changes: Partial<ProbeResult> = {},
): readonly ProbeResult[] {
  return outcomes.flatMap((outcome, index) =>
    outcome === undefined
      ? []
      : [{ ...target({ pod: `web-${index + 1}`, address: `10.4.0.${index + 1}` }), outcome, ...changes }],
  );
}

/** An unhealthy backend without a readiness probe, and what its pods answered. */
function answered(...results: readonly ProbeResult[]): Snapshot {
  return unhealthy({ ...podsWith(unprobed()), probes: known(results) });
}

const START =
  "Asked what Google's health check of Service web, port http (80), asks (HTTP GET / on port 8080), pod web-1";
const ONLY = "Google counts only 200.";

function fails(outcome: ProbeOutcome, text: string, changes: Partial<ProbeResult> = {}) {
  return {
    name: text,
    given: answered(...probed([outcome], changes)),
    want: [{ text: `${START} ${text}. ${ONLY}`, subject: "Service/web", severity: "error" }],
  };
}

/** The pods pass a readiness probe on another path than the health check's, which a BackendConfig gives. */
const elsewhere = unhealthy({
  ...withHealthCheck({ requestPath: "/ping" }),
  ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready" }) })),
  probes: known([
    ...probed([NOT_FOUND, NOT_FOUND], { path: "/ping" }),
    ...probed([OK, OK], { path: "/ready", asks: "readiness-probe" }),
  ]),
});

/** The readiness probe has a header, so that GKE did not copy it; without the header it is answered as well. */
const uncopied = unhealthy({
  ...podsWith(container({ readinessProbe: httpProbe({ path: "/ready", port: 9090 }) })),
  probes: known([
    ...probed([{ kind: "refused" }, { kind: "refused" }]),
    ...probed([OK, OK], { path: "/ready", port: 9090, asks: "readiness-probe" }),
  ]),
});

export default ruleCases(rule, {
  healthy: [
    { name: "Google calls the backend healthy", given: snapshot({ probes: known(probed([NOT_FOUND])) }) },
    { name: "nobody was asked yet", given: answered() },
    {
      name: "the way to the pods is closed to the controller",
      given: answered(...probed([{ kind: "unreachable" }, { kind: "blocked" }])),
    },
    {
      name: "the health check asks for something else by now",
      given: answered(...probed([NOT_FOUND], { path: "/old" }), ...probed([NOT_FOUND], { port: 9090 })),
    },
    { name: "another Service was asked", given: answered(...probed([NOT_FOUND], { service: "api" })) },
    { name: "another port was asked", given: answered(...probed([NOT_FOUND], { servicePort: 81 })) },
  ],
  broken: [
    fails(NOT_FOUND, "answers 404"),
    fails({ kind: "answered", status: 401 }, "answers 401"),
    fails({ kind: "answered", status: 204 }, "answers 204"),
    fails(
      { kind: "answered", status: 302, redirect: { scheme: "http", path: "/login" } },
      "answers 302, a redirect to /login",
    ),
    fails(
      { kind: "answered", status: 301, redirect: { scheme: "https", path: "/" } },
      "answers 301, a redirect to HTTPS",
    ),
    fails(
      { kind: "answered", status: 301, redirect: { scheme: "https", path: "/home" } },
      "answers 301, a redirect to /home on HTTPS",
    ),
    fails({ kind: "refused" }, "refuses the connection, because nothing listens on port 8080"),
    fails({ kind: "timeout", waitedMs: 1000 }, "does not answer within 1 s"),
    fails({ kind: "reset" }, "closes the connection without an answer"),
    fails({ kind: "not-http" }, "does not speak HTTP"),
    {
      name: "a health check in HTTP2",
      given: unhealthy({
        ...withHealthCheck({ type: "HTTP2" }),
        ...podsWith(unprobed()),
        probes: known(probed([{ kind: "tls-error" }], { scheme: "HTTP2" })),
      }),
      want: [
        {
          text: `${START.replace("HTTP GET", "HTTP2 GET")} fails the TLS handshake. ${ONLY}`,
        },
      ],
    },
    {
      name: "the BackendConfig has a port that nobody serves, which says more",
      given: unhealthy({
        ...withHealthCheck({ port: 9999 }),
        ...podsWith(unprobed()),
        probes: known(probed([{ kind: "refused" }], { port: 9999 })),
      }),
      want: [
        {
          text: `${START.replace("8080", "9999")} refuses the connection, because nothing listens on port 9999. ${ONLY}`,
          severity: "info",
        },
      ],
    },
    {
      name: "the pods speak another protocol than the load balancer, which says more",
      given: unhealthy({
        ...podsWith(container({ readinessProbe: httpProbe({ path: "/", scheme: "HTTPS" }) })),
        probes: known(probed([{ kind: "not-http" }])),
      }),
      want: [{ text: `${START} does not speak HTTP. ${ONLY}`, severity: "info" }],
    },
    {
      name: "all pods answer alike",
      given: answered(...probed([NOT_FOUND, NOT_FOUND])),
      want: [{ text: `${START} answers 404, like 1 other pod. ${ONLY}` }],
    },
    {
      name: "pods fail in different ways",
      given: answered(...probed([NOT_FOUND, { kind: "refused" }])),
      want: [{ text: `${START} answers 404, and 1 other pod fails otherwise. ${ONLY}` }],
    },
    {
      name: "the readiness probe passes on another path",
      given: elsewhere,
      want: [
        {
          text: `${START.replace("GET /", "GET /ping")} answers 404, like 1 other pod. Google counts only 200, and that is the answer to HTTP GET /ready on port 8080.`,
          subject: "BackendConfig/web-bc#spec.healthCheck.requestPath",
          command: `kubectl patch backendconfig web-bc -n shop --type=merge -p '{"spec":{"healthCheck":{"type":"HTTP","requestPath":"/ready"}}}'`,
        },
      ],
    },
    {
      name: "the readiness probe passes on another port",
      given: uncopied,
      want: [
        {
          text: `${START} refuses the connection, because nothing listens on port 8080, like 1 other pod. Google counts only 200, and that is the answer to HTTP GET /ready on port 9090.`,
          command: newConfig({ type: "HTTP", requestPath: "/ready", port: 9090 }, '{"default":"web-http"}'),
        },
      ],
    },
    {
      name: "the readiness probe passes only on one of two pods",
      given: answered(
        ...probed([NOT_FOUND, NOT_FOUND]),
        ...probed([OK, NOT_FOUND], { path: "/ready", asks: "readiness-probe" }),
      ),
      want: [{ text: `${START} answers 404, like 1 other pod. ${ONLY}` }],
    },
    {
      name: "the pods answer the kubelet and the controller alike",
      given: unhealthy({ probes: known(probed([OK, OK])) }),
      want: [
        { text: `${START} answers 200, while Google calls every endpoint unhealthy.`, severity: "info" },
      ],
    },
    {
      name: "a pod answers 200 by now",
      given: answered(...probed([NOT_FOUND, OK])),
      want: [
        {
          text: `${START.replace("web-1", "web-2")} answers 200, while Google calls every endpoint unhealthy.`,
          severity: "info",
        },
      ],
    },
  ],
  undecided: [
    {
      name: "the backend is unhealthy and probing is off",
      given: unhealthy({ probes: unknown("probes", "not-configured", "probing, which is off by default") }),
      source: "probes",
    },
    {
      name: "pods cannot be read",
      given: unhealthy({ pods: unknown("pods", "forbidden", "permission to list pods") }),
      source: "pods",
    },
  ],
});
