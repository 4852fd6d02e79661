import type { Rule } from "./rule.ts";
import backendConfigAnnotationInvalid from "./rules/health/backend-config-annotation-invalid.ts";
import backendConfigInvalid from "./rules/health/backend-config-invalid.ts";
import backendConfigMissing from "./rules/health/backend-config-missing.ts";
import backendConfigOnIngress from "./rules/health/backend-config-on-ingress.ts";
import backendConfigPortUnmatched from "./rules/health/backend-config-port-unmatched.ts";
import backendConfigSecretKeysMissing from "./rules/health/backend-config-secret-keys-missing.ts";
import backendConfigSecretMissing from "./rules/health/backend-config-secret-missing.ts";
import defaultBackendUnhealthy from "./rules/health/default-backend-unhealthy.ts";
import defaultTimeout from "./rules/health/default-timeout.ts";
import drainingNotConfigured from "./rules/health/draining-not-configured.ts";
import featureNotOnInternal from "./rules/health/feature-not-on-internal.ts";
import grpcHealthCheck from "./rules/health/grpc-health-check.ts";
import healthCheckBlockedByFirewall from "./rules/health/health-check-blocked-by-firewall.ts";
import healthCheckFailing from "./rules/health/health-check-failing.ts";
import healthCheckPortWrong from "./rules/health/health-check-port-wrong.ts";
import healthCheckTimeoutExceedsInterval from "./rules/health/health-check-timeout-exceeds-interval.ts";
import healthCheckTypeMismatch from "./rules/health/health-check-type-mismatch.ts";
import iapCredentialsSwitched from "./rules/health/iap-credentials-switched.ts";
import meshGatewayHealthCheck from "./rules/health/mesh-gateway-health-check.ts";
import probeAnswers from "./rules/health/probe-answers.ts";
import probesDiffer from "./rules/health/probes-differ.ts";
import readinessProbeNotAdopted from "./rules/health/readiness-probe-not-adopted.ts";
import securityPolicyLeftAttached from "./rules/health/security-policy-left-attached.ts";
import securityPolicyMissing from "./rules/health/security-policy-missing.ts";
import transparentHealthCheckIgnored from "./rules/health/transparent-health-check-ignored.ts";

/** Rules on health checks and BackendConfigs, sorted by code. */
export const HEALTH_RULES: readonly Rule[] = [
  healthCheckFailing,
  readinessProbeNotAdopted,
  backendConfigMissing,
  backendConfigAnnotationInvalid,
  backendConfigOnIngress,
  backendConfigPortUnmatched,
  backendConfigInvalid,
  healthCheckTimeoutExceedsInterval,
  healthCheckPortWrong,
  healthCheckTypeMismatch,
  backendConfigSecretMissing,
  backendConfigSecretKeysMissing,
  securityPolicyMissing,
  featureNotOnInternal,
  defaultTimeout,
  probesDiffer,
  meshGatewayHealthCheck,
  grpcHealthCheck,
  transparentHealthCheckIgnored,
  drainingNotConfigured,
  defaultBackendUnhealthy,
  iapCredentialsSwitched,
  healthCheckBlockedByFirewall,
  securityPolicyLeftAttached,
  probeAnswers,
];
