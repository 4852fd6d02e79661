import { HEALTH_RULES } from "./health-rules.ts";
import type { Rule } from "./rule.ts";
import addressEphemeral from "./rules/address/address-ephemeral.ts";
import httpDisabledWithoutTls from "./rules/address/http-disabled-without-tls.ts";
import internalProtocolsNeedStaticIp from "./rules/address/internal-protocols-need-static-ip.ts";
import networkTierStandard from "./rules/address/network-tier-standard.ts";
import noAddress from "./rules/address/no-address.ts";
import proxyOnlySubnetMissing from "./rules/address/proxy-only-subnet-missing.ts";
import staticIpAnnotationsConflict from "./rules/address/static-ip-annotations-conflict.ts";
import staticIpInUse from "./rules/address/static-ip-in-use.ts";
import staticIpNotFound from "./rules/address/static-ip-not-found.ts";
import staticIpWrongKind from "./rules/address/static-ip-wrong-kind.ts";
import staticIpWrongScope from "./rules/address/static-ip-wrong-scope.ts";
import backendPartlyReady from "./rules/endpoints/backend-partly-ready.ts";
import endpointWithoutNode from "./rules/endpoints/endpoint-without-node.ts";
import gracePeriodTooShort from "./rules/endpoints/grace-period-too-short.ts";
import imagePullFailed from "./rules/endpoints/image-pull-failed.ts";
import instanceGroupTooLarge from "./rules/endpoints/instance-group-too-large.ts";
import networkPolicyBlocksGoogle from "./rules/endpoints/network-policy-blocks-google.ts";
import noEndpoints from "./rules/endpoints/no-endpoints.ts";
import noPreStop from "./rules/endpoints/no-pre-stop.ts";
import noReadinessProbe from "./rules/endpoints/no-readiness-probe.ts";
import noReplicas from "./rules/endpoints/no-replicas.ts";
import nodeExcluded from "./rules/endpoints/node-excluded.ts";
import podsCrashing from "./rules/endpoints/pods-crashing.ts";
import podsNotReady from "./rules/endpoints/pods-not-ready.ts";
import podsUnschedulable from "./rules/endpoints/pods-unschedulable.ts";
import readinessGateMissing from "./rules/endpoints/readiness-gate-missing.ts";
import readinessGatePremature from "./rules/endpoints/readiness-gate-premature.ts";
import readinessGateTimedOut from "./rules/endpoints/readiness-gate-timed-out.ts";
import readinessGateWaiting from "./rules/endpoints/readiness-gate-waiting.ts";
import rolloutTakesAllPods from "./rules/endpoints/rollout-takes-all-pods.ts";
import selectorMatchesNoPods from "./rules/endpoints/selector-matches-no-pods.ts";
import classContested from "./rules/ingress/class-contested.ts";
import classNotAvailable from "./rules/ingress/class-not-available.ts";
import controllerNotRunning from "./rules/ingress/controller-not-running.ts";
import foreignAnnotations from "./rules/ingress/foreign-annotations.ts";
import ingressClassChanged from "./rules/ingress/ingress-class-changed.ts";
import ingressClassMultiCluster from "./rules/ingress/ingress-class-multi-cluster.ts";
import ingressClassNameIgnored from "./rules/ingress/ingress-class-name-ignored.ts";
import ingressClassOtherController from "./rules/ingress/ingress-class-other-controller.ts";
import ingressClassUnknown from "./rules/ingress/ingress-class-unknown.ts";
import stuckDeleting from "./rules/ingress/stuck-deleting.ts";
import suppressionInvalid from "./rules/ingress/suppression-invalid.ts";
import affinityByUtilization from "./rules/live/affinity-by-utilization.ts";
import backendPartlyUnhealthy from "./rules/live/backend-partly-unhealthy.ts";
import backendServiceDrift from "./rules/live/backend-service-drift.ts";
import certificateMapAttached from "./rules/live/certificate-map-attached.ts";
import firewallChangeRequired from "./rules/live/firewall-change-required.ts";
import firewallClosed from "./rules/live/firewall-closed.ts";
import healthCheckDrift from "./rules/live/health-check-drift.ts";
import instanceGroupEmpty from "./rules/live/instance-group-empty.ts";
import instanceGroupPortMissing from "./rules/live/instance-group-port-missing.ts";
import loadBalancerPartMissing from "./rules/live/load-balancer-part-missing.ts";
import loadBalancerRewired from "./rules/live/load-balancer-rewired.ts";
import negEndpointsMissing from "./rules/live/neg-endpoints-missing.ts";
import proxyRangeClosed from "./rules/live/proxy-range-closed.ts";
import quotaNearLimit from "./rules/live/quota-near-limit.ts";
import slowDetection from "./rules/live/slow-detection.ts";
import urlMapDrift from "./rules/live/url-map-drift.ts";
import zoneNotAttached from "./rules/live/zone-not-attached.ts";
import negAddressNotInSubnet from "./rules/neg/neg-address-not-in-subnet.ts";
import negCustomNameWithIngress from "./rules/neg/neg-custom-name-with-ingress.ts";
import negDegraded from "./rules/neg/neg-degraded.ts";
import negExposedPortMissing from "./rules/neg/neg-exposed-port-missing.ts";
import negNameConflict from "./rules/neg/neg-name-conflict.ts";
import negNotCreated from "./rules/neg/neg-not-created.ts";
import negSyncFailed from "./rules/neg/neg-sync-failed.ts";
import nodeWithoutZone from "./rules/neg/node-without-zone.ts";
import defaultBackendUnprotected from "./rules/routing/default-backend-unprotected.ts";
import duplicateHostRule from "./rules/routing/duplicate-host-rule.ts";
import duplicatePath from "./rules/routing/duplicate-path.ts";
import hostNotMatched from "./rules/routing/host-not-matched.ts";
import overlappingPaths from "./rules/routing/overlapping-paths.ts";
import pathLooksLikeRegex from "./rules/routing/path-looks-like-regex.ts";
import pathMatchesExactlyOnly from "./rules/routing/path-matches-exactly-only.ts";
import pathNotAbsolute from "./rules/routing/path-not-absolute.ts";
import pathTypeUnsupported from "./rules/routing/path-type-unsupported.ts";
import pathWildcardInvalid from "./rules/routing/path-wildcard-invalid.ts";
import resourceBackendUnsupported from "./rules/routing/resource-backend-unsupported.ts";
import ruleWithoutPaths from "./rules/routing/rule-without-paths.ts";
import systemDefaultBackendMissing from "./rules/routing/system-default-backend-missing.ts";
import urlMapNearLimit from "./rules/routing/url-map-near-limit.ts";
import wildcardPathMissesItself from "./rules/routing/wildcard-path-misses-itself.ts";
import appProtocolFieldIgnored from "./rules/service/app-protocol-field-ignored.ts";
import appProtocolMismatch from "./rules/service/app-protocol-mismatch.ts";
import appProtocolsConflict from "./rules/service/app-protocols-conflict.ts";
import appProtocolsInvalid from "./rules/service/app-protocols-invalid.ts";
import appProtocolsUnmatchedKey from "./rules/service/app-protocols-unmatched-key.ts";
import clusterIpWithoutNeg from "./rules/service/cluster-ip-without-neg.ts";
import externalNameService from "./rules/service/external-name-service.ts";
import externalNameWithoutNeg from "./rules/service/external-name-without-neg.ts";
import externalTrafficPolicyLocal from "./rules/service/external-traffic-policy-local.ts";
import handWrittenEndpoints from "./rules/service/hand-written-endpoints.ts";
import internalServiceWithoutNeg from "./rules/service/internal-service-without-neg.ts";
import negAnnotationInvalid from "./rules/service/neg-annotation-invalid.ts";
import selectorSpansWorkloads from "./rules/service/selector-spans-workloads.ts";
import serviceIpv6Only from "./rules/service/service-ipv6-only.ts";
import serviceMissing from "./rules/service/service-missing.ts";
import servicePortMissing from "./rules/service/service-port-missing.ts";
import servicePortNotTcp from "./rules/service/service-port-not-tcp.ts";
import targetPortNameUnmatched from "./rules/service/target-port-name-unmatched.ts";
import targetPortNotDeclared from "./rules/service/target-port-not-declared.ts";
import apiDisabled from "./rules/sync/api-disabled.ts";
import apiRateLimited from "./rules/sync/api-rate-limited.ts";
import balancingModeConflict from "./rules/sync/balancing-mode-conflict.ts";
import changesFrozen from "./rules/sync/changes-frozen.ts";
import concurrentModification from "./rules/sync/concurrent-modification.ts";
import garbageCollectionFailed from "./rules/sync/garbage-collection-failed.ts";
import healthCheckProtocolFlip from "./rules/sync/health-check-protocol-flip.ts";
import loadBalancerNameInvalid from "./rules/sync/load-balancer-name-invalid.ts";
import nodeInMultipleGroups from "./rules/sync/node-in-multiple-groups.ts";
import nodePortMissing from "./rules/sync/node-port-missing.ts";
import orgPolicyDenied from "./rules/sync/org-policy-denied.ts";
import permissionDenied from "./rules/sync/permission-denied.ts";
import quotaExceeded from "./rules/sync/quota-exceeded.ts";
import resourceInUse from "./rules/sync/resource-in-use.ts";
import syncErrorUnrecognized from "./rules/sync/sync-error-unrecognized.ts";
import translationFailed from "./rules/sync/translation-failed.ts";
import urlMapRejected from "./rules/sync/url-map-rejected.ts";
import acmeSolverOnOtherAddress from "./rules/tls/acme-solver-on-other-address.ts";
import certificateExpired from "./rules/tls/certificate-expired.ts";
import certificateExpiresSoon from "./rules/tls/certificate-expires-soon.ts";
import certificateHostMismatch from "./rules/tls/certificate-host-mismatch.ts";
import certificateProvisioning from "./rules/tls/certificate-provisioning.ts";
import frontendConfigInvalid from "./rules/tls/frontend-config-invalid.ts";
import frontendConfigMissing from "./rules/tls/frontend-config-missing.ts";
import frontendConfigOnInternal from "./rules/tls/frontend-config-on-internal.ts";
import managedCertificateCaa from "./rules/tls/managed-certificate-caa.ts";
import managedCertificateFailed from "./rules/tls/managed-certificate-failed.ts";
import managedCertificateMissing from "./rules/tls/managed-certificate-missing.ts";
import managedCertificateNotVisible from "./rules/tls/managed-certificate-not-visible.ts";
import managedCertificateRateLimited from "./rules/tls/managed-certificate-rate-limited.ts";
import managedCertificateUnused from "./rules/tls/managed-certificate-unused.ts";
import preSharedCertListMalformed from "./rules/tls/pre-shared-cert-list-malformed.ts";
import preSharedCertMissing from "./rules/tls/pre-shared-cert-missing.ts";
import redirectNeedsV2Names from "./rules/tls/redirect-needs-v2-names.ts";
import redirectWithoutHttp from "./rules/tls/redirect-without-http.ts";
import redirectWithoutTls from "./rules/tls/redirect-without-tls.ts";
import sslPolicyMissing from "./rules/tls/ssl-policy-missing.ts";
import tlsCertificateRefused from "./rules/tls/tls-certificate-refused.ts";
import tlsEntryWithoutSecret from "./rules/tls/tls-entry-without-secret.ts";
import tlsSecretKeysMissing from "./rules/tls/tls-secret-keys-missing.ts";
import tlsSecretMissing from "./rules/tls/tls-secret-missing.ts";
import tooManyCertificates from "./rules/tls/too-many-certificates.ts";

/** Every rule, sorted by code. A test compares this list with the folder. */
export const RULES: readonly Rule[] = [
  ingressClassNameIgnored,
  ingressClassUnknown,
  ingressClassOtherController,
  ingressClassMultiCluster,
  ingressClassChanged,
  controllerNotRunning,
  classNotAvailable,
  classContested,
  foreignAnnotations,
  stuckDeleting,
  suppressionInvalid,
  translationFailed,
  syncErrorUnrecognized,
  quotaExceeded,
  permissionDenied,
  orgPolicyDenied,
  apiDisabled,
  apiRateLimited,
  concurrentModification,
  resourceInUse,
  nodeInMultipleGroups,
  balancingModeConflict,
  loadBalancerNameInvalid,
  changesFrozen,
  urlMapRejected,
  nodePortMissing,
  healthCheckProtocolFlip,
  garbageCollectionFailed,
  noAddress,
  staticIpNotFound,
  staticIpWrongScope,
  staticIpInUse,
  staticIpAnnotationsConflict,
  httpDisabledWithoutTls,
  internalProtocolsNeedStaticIp,
  proxyOnlySubnetMissing,
  addressEphemeral,
  networkTierStandard,
  staticIpWrongKind,
  pathMatchesExactlyOnly,
  wildcardPathMissesItself,
  pathLooksLikeRegex,
  pathWildcardInvalid,
  duplicateHostRule,
  duplicatePath,
  ruleWithoutPaths,
  hostNotMatched,
  resourceBackendUnsupported,
  overlappingPaths,
  urlMapNearLimit,
  systemDefaultBackendMissing,
  defaultBackendUnprotected,
  pathNotAbsolute,
  pathTypeUnsupported,
  serviceMissing,
  servicePortMissing,
  clusterIpWithoutNeg,
  internalServiceWithoutNeg,
  negAnnotationInvalid,
  externalNameService,
  servicePortNotTcp,
  targetPortNameUnmatched,
  targetPortNotDeclared,
  appProtocolsInvalid,
  appProtocolsUnmatchedKey,
  appProtocolsConflict,
  appProtocolMismatch,
  externalTrafficPolicyLocal,
  selectorSpansWorkloads,
  appProtocolFieldIgnored,
  serviceIpv6Only,
  handWrittenEndpoints,
  externalNameWithoutNeg,
  selectorMatchesNoPods,
  noReplicas,
  podsCrashing,
  imagePullFailed,
  podsUnschedulable,
  podsNotReady,
  noEndpoints,
  endpointWithoutNode,
  readinessGateWaiting,
  readinessGateTimedOut,
  readinessGatePremature,
  readinessGateMissing,
  noPreStop,
  gracePeriodTooShort,
  rolloutTakesAllPods,
  noReadinessProbe,
  nodeExcluded,
  instanceGroupTooLarge,
  networkPolicyBlocksGoogle,
  backendPartlyReady,
  ...HEALTH_RULES,
  negSyncFailed,
  negCustomNameWithIngress,
  negExposedPortMissing,
  negNameConflict,
  negNotCreated,
  negAddressNotInSubnet,
  negDegraded,
  nodeWithoutZone,
  tlsSecretMissing,
  tlsSecretKeysMissing,
  tlsEntryWithoutSecret,
  tlsCertificateRefused,
  preSharedCertMissing,
  tooManyCertificates,
  managedCertificateMissing,
  managedCertificateNotVisible,
  managedCertificateCaa,
  managedCertificateRateLimited,
  managedCertificateFailed,
  managedCertificateUnused,
  frontendConfigMissing,
  frontendConfigOnInternal,
  redirectNeedsV2Names,
  redirectWithoutHttp,
  frontendConfigInvalid,
  redirectWithoutTls,
  sslPolicyMissing,
  acmeSolverOnOtherAddress,
  certificateExpired,
  certificateHostMismatch,
  preSharedCertListMalformed,
  certificateProvisioning,
  certificateExpiresSoon,
  firewallChangeRequired,
  backendPartlyUnhealthy,
  negEndpointsMissing,
  healthCheckDrift,
  loadBalancerPartMissing,
  certificateMapAttached,
  urlMapDrift,
  firewallClosed,
  proxyRangeClosed,
  quotaNearLimit,
  instanceGroupPortMissing,
  instanceGroupEmpty,
  loadBalancerRewired,
  backendServiceDrift,
  zoneNotAttached,
  slowDetection,
  affinityByUtilization,
];

/** Codes that once named a rule and are never used again. */
export const RETIRED: readonly string[] = [];
