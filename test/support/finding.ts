import type { Finding } from "../../src/diagnostics/finding.ts";
import { ref } from "./builders.ts";

/** An error about Ingress `web` in stage `health`, or what `changes` make of it. */
export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    code: "GID999",
    reason: "Test",
    severity: "error",
    symptoms: ["502"],
    stage: "health",
    subject: ref("networking.k8s.io/v1", "Ingress", "web"),
    message: "Something is wrong.",
    fix: { summary: "Repair it." },
    consequence: false,
    settling: false,
    ...changes,
  };
}
