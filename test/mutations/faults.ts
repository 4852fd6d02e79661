import type { Fault } from "./fault.ts";
import { CERTIFICATE_FAULTS } from "./faults/certificates.ts";
import { ENDPOINT_FAULTS } from "./faults/endpoints.ts";
import { FRONTEND_FAULTS } from "./faults/frontend.ts";
import { HEALTH_CHECK_FAULTS } from "./faults/health-checks.ts";
import { OWNERSHIP_FAULTS } from "./faults/ownership.ts";
import { POD_FAULTS } from "./faults/pods.ts";
import { ROUTING_FAULTS } from "./faults/routing.ts";
import { SYNC_FAULTS } from "./faults/sync.ts";
import { TRANSLATION_FAULTS } from "./faults/translation.ts";

/** Every fault that the proof injects, each into all scenarios it applies to. */
export const FAULTS: readonly Fault[] = [
  ...OWNERSHIP_FAULTS,
  ...TRANSLATION_FAULTS,
  ...SYNC_FAULTS,
  ...FRONTEND_FAULTS,
  ...CERTIFICATE_FAULTS,
  ...POD_FAULTS,
  ...ENDPOINT_FAULTS,
  ...HEALTH_CHECK_FAULTS,
  ...ROUTING_FAULTS,
];
