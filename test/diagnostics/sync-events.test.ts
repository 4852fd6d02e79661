import { describe, expect, it } from "vitest";
import { momentOf } from "../../src/diagnostics/moment.ts";
import { type SyncHistory, syncHistory } from "../../src/diagnostics/sync-events.ts";
import type { KubeEvent } from "../../src/model/event.ts";
import { known } from "../../src/model/observed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
  condition,
  event,
  freshAnnotations,
  ingress,
  NOW,
  negName,
  notRead,
  service,
  serviceNeg,
  snapshot,
} from "../support/builders.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LB =
  "Error syncing to GCP: error running load balancer syncing routine: loadbalancer x does not exist: ";
const NO_SECRET = `${LB}error initializing translator env: secrets "web-tls" not found`;
const NO_NEG =
  "Error syncing to GCP: error running backend syncing routine: googleapi: Error 404: The resource 'projects/p-12345/zones/z/networkEndpointGroups/n' was not found, notFound";

/** A moment so many milliseconds before the snapshot. */
const ago = (milliseconds: number) => NOW - milliseconds;

function warning(message: string, at: number, changes: Partial<KubeEvent> = {}): KubeEvent {
  return event({ type: "Warning", message, firstAt: at, lastAt: at, ...changes });
}

function normal(message: string, at: number, changes: Partial<KubeEvent> = {}): KubeEvent {
  return event({ message, firstAt: at, lastAt: at, ...changes });
}

const scheduled = (at: number) => normal("Scheduled for sync", at);

function negEvent(type: string, reason: string, message: string, at: number): KubeEvent {
  return event({
    type,
    reason,
    message,
    firstAt: at,
    lastAt: at,
    component: "neg-controller",
    about: { kind: "Service", namespace: "shop", name: "web", uid: "uid-service-web" },
  });
}

function history(events: readonly KubeEvent[], changes: Partial<Snapshot> = {}): SyncHistory {
  const given = snapshot({ events: known(events), ...changes });
  const result = syncHistory(given, momentOf(given.takenAt));
  if (!result.known) throw new Error("events are known");
  return result.value;
}

const kinds = (events: readonly KubeEvent[], changes: Partial<Snapshot> = {}) =>
  history(events, changes).errors.map(({ cause }) => cause.kind);

describe("which Events count", () => {
  it("is unknown when Events are", () => {
    expect(syncHistory(snapshot({ events: notRead("events") }), momentOf(NOW)).known).toBe(false);
  });

  it("takes Events by UID, so those of a deleted Ingress of the same name are not its own", () => {
    const old = { kind: "Ingress", namespace: "shop", name: "web", uid: "uid-of-before" };
    expect(kinds([warning(NO_SECRET, ago(MINUTE), { about: old })])).toEqual([]);
    expect(history([{ ...scheduled(ago(MINUTE)), about: old }]).lastEventAt).toBeUndefined();
  });

  it("takes Events by name where one has no UID", () => {
    const nameless = { kind: "Ingress", namespace: "shop", name: "web", uid: "" };
    expect(kinds([warning(NO_SECRET, ago(MINUTE), { about: nameless })])).toEqual(["secret-missing"]);
    const elsewhere = { ...nameless, namespace: "other" };
    expect(kinds([warning(NO_SECRET, ago(MINUTE), { about: elsewhere })])).toEqual([]);
  });

  it("leaves out other kinds and other components, Ingress Doctor itself among them", () => {
    const service = { kind: "Service", namespace: "shop", name: "web", uid: "uid-ingress-web" };
    expect(kinds([warning(NO_SECRET, ago(MINUTE), { about: service })])).toEqual([]);
    for (const component of ["ingress-doctor", "cert-manager-ingress-shim", "nginx-ingress-controller"]) {
      expect(kinds([warning(NO_SECRET, ago(MINUTE), { component })])).toEqual([]);
    }
  });

  it("is not a trace of the controller when another one writes", () => {
    const other = normal("Sync", ago(MINUTE), { component: "nginx-ingress-controller" });
    expect(history([other]).lastEventAt).toBeUndefined();
    expect(history([scheduled(ago(MINUTE))]).lastEventAt).toBe(ago(MINUTE));
  });
});

describe("what an error says", () => {
  it("splits the errors of one translation", () => {
    const both =
      'Translation failed: invalid ingress spec: could not find service "shop/a"; could not find service "shop/b"';
    const { errors } = history([warning(both, ago(MINUTE), { reason: "Translate" })]);
    expect(errors.map(({ phase, cause, text }) => [phase, cause, text])).toEqual([
      ["translation", { kind: "service-missing", service: "shop/a" }, 'could not find service "shop/a"'],
      ["translation", { kind: "service-missing", service: "shop/b" }, 'could not find service "shop/b"'],
    ]);
  });

  it("keeps times and count, and adds those of equal Events", () => {
    const first = warning(NO_SECRET, ago(9 * MINUTE), { count: 3 });
    const second = warning(NO_SECRET, ago(MINUTE), { count: 2 });
    expect(history([first, second]).errors).toMatchObject([
      { firstAt: ago(9 * MINUTE), lastAt: ago(MINUTE), count: 5 },
    ]);
  });

  it.each([
    ["backend", NO_NEG, "Sync"],
    ["load-balancer", NO_SECRET, "Sync"],
    ["post-process", "Error syncing to GCP: error running post-process routine: x", "Sync"],
    ["translation", "Translation failed: invalid ingress spec: x", "Translate"],
    ["translation", "error while evaluating the ingress spec: x", "Translate"],
    ["garbage-collection", "Error during garbage collection: x", "GarbageCollection"],
    ["garbage-collection", "Error: x", "GarbageCollection"],
    ["frontend-config", "Error: no FrontendConfig for Ingress exists.", "Sync"],
    [
      "load-balancer",
      "gce-internal Ingress class must be configured with a static-ip",
      "WillNotConfigureFrontend",
    ],
    ["class", 'Ingress class "gce" is not supported in this environment.', "Sync"],
    ["sync", "googleapi: Error 403: Quota 'URL_MAPS' exceeded. Limit: 1.0, quotaExceeded", "GCE :Quota"],
    ["managed-certificate", "ManagedCertificate shop:x missing", "MissingCertificate"],
  ])("is of phase %s: %s", (phase, message, reason) => {
    expect(history([warning(message, ago(MINUTE), { reason })]).errors[0]?.phase).toBe(phase);
  });

  it("shows the text without wrappers and control characters", () => {
    const { errors } = history([warning(`${LB}bad \u001b[31mthing`, ago(MINUTE))]);
    expect(errors[0]?.text).toBe("bad \\u{1b}[31mthing");
  });
});

describe("which errors hold", () => {
  it("ends a backend error when the sync then built the URL map, even within one second", () => {
    const error = warning(NO_NEG, ago(MINUTE));
    expect(kinds([error])).toEqual(["neg-missing"]);
    expect(kinds([error, normal('UrlMap "k8s2-um-x" created', ago(MINUTE))])).toEqual([]);
    expect(kinds([error, normal('UrlMap "k8s2-um-x" created', ago(2 * MINUTE))])).toEqual(["neg-missing"]);
  });

  it("ends an error of the front end only when a later step was done", () => {
    const error = warning(
      `${LB}googleapi: Error 404: The resource 'projects/p-12345/global/sslCertificates/c' was not found, notFound`,
      ago(MINUTE),
    );
    const later = ago(30 * SECOND);
    expect(kinds([error, normal('UrlMap "k8s2-um-x" updated', later)])).toEqual(["certificate-missing"]);
    expect(kinds([error, normal('ForwardingRule "k8s2-fr-x" created', later)])).toEqual([
      "certificate-missing",
    ]);
    expect(kinds([error, normal('TargetProxy "k8s2-ts-x" created', later)])).toEqual([]);
    expect(kinds([error, normal('TargetProxy "k8s-tps-x" certs updated', later)])).toEqual([]);
    expect(kinds([error, normal("IP is now 203.0.113.10", later, { reason: "IPChanged" })])).toEqual([]);
  });

  it("does not take an update that failed for progress", () => {
    const error = warning(
      `${LB}googleapi: Error 404: The resource 'projects/p-12345/global/sslPolicies/s' was not found, notFound`,
      ago(MINUTE),
    );
    expect(kinds([error, normal('TargetProxy "k8s2-ts-x" SSLPolicy updated', ago(SECOND))])).toEqual([
      "ssl-policy-missing",
    ]);
  });

  it("lets the newer of two errors win when the older one stopped before it began", () => {
    const before = warning(NO_SECRET, ago(5 * MINUTE), { firstAt: ago(20 * MINUTE) });
    const after = warning(NO_NEG, ago(MINUTE), { firstAt: ago(4 * MINUTE) });
    expect(kinds([before, after])).toEqual(["neg-missing"]);
  });

  it("lets an error of a later phase end one of an earlier phase", () => {
    const neg = warning(NO_NEG, ago(2 * MINUTE), { firstAt: ago(9 * MINUTE) });
    const secret = warning(NO_SECRET, ago(MINUTE), { firstAt: ago(9 * MINUTE) });
    expect(kinds([neg, secret])).toEqual(["secret-missing"]);
  });

  it("keeps two errors of one phase that take turns", () => {
    const other = NO_NEG.replace("Groups/n", "Groups/m");
    const one = warning(NO_NEG, ago(2 * MINUTE), { firstAt: ago(9 * MINUTE) });
    const two = warning(other, ago(MINUTE), { firstAt: ago(8 * MINUTE) });
    expect(kinds([one, two])).toEqual(["neg-missing", "neg-missing"]);
    const long = { ...two, lastAt: ago(0), firstAt: ago(40 * MINUTE) };
    expect(kinds([{ ...one, lastAt: ago(20 * MINUTE), firstAt: ago(45 * MINUTE) }, long])).toHaveLength(1);
  });

  it("keeps an error that runs beside the sync", () => {
    const missing = warning("Error: no FrontendConfig for Ingress exists.", ago(2 * MINUTE));
    const secret = warning(NO_SECRET, ago(MINUTE));
    expect(kinds([missing, secret])).toEqual(["secret-missing", "frontend-config-missing"]);
  });
});

describe("Scheduled for sync", () => {
  const error = warning(NO_SECRET, ago(9 * MINUTE));

  it("ends an error when it is clearly newer, has had its time and left none", () => {
    expect(kinds([error, scheduled(ago(MINUTE))])).toEqual([]);
  });

  it.each([
    ["as new as the error", ago(9 * MINUTE)],
    ["within half a minute of it", ago(9 * MINUTE - 30 * SECOND)],
    ["too fresh to have failed yet", ago(30 * SECOND - 1)],
  ])("proves nothing: %s", (_name, at) => {
    expect(kinds([error, scheduled(at)])).toEqual(["secret-missing"]);
  });

  it("proves nothing before the load balancer was ever built, because a sync leaves annotations", () => {
    const fresh = { ingress: ingress({ annotations: freshAnnotations(), addresses: [] }) };
    expect(kinds([error, scheduled(ago(MINUTE))], fresh)).toEqual(["secret-missing"]);
  });

  it("proves nothing once Events are being dropped, until two resyncs passed in silence", () => {
    const many = { ...error, count: 30 };
    expect(kinds([many, scheduled(ago(MINUTE))])).toEqual(["secret-missing"]);
    const old = warning(NO_SECRET, ago(25 * MINUTE), { count: 30 });
    expect(kinds([old, scheduled(ago(MINUTE))])).toEqual([]);
  });
});

describe("the last success", () => {
  it("is the newest schedule without an error, or the newest step that was done", () => {
    expect(history([scheduled(ago(5 * MINUTE))]).lastSuccessAt).toBe(ago(5 * MINUTE));
    const done = normal('UrlMap "k8s2-um-x" updated', ago(2 * MINUTE));
    expect(history([scheduled(ago(5 * MINUTE)), done]).lastSuccessAt).toBe(ago(2 * MINUTE));
  });

  it("is unknown while an error holds, and before anything was built", () => {
    expect(
      history([scheduled(ago(5 * MINUTE)), warning(NO_SECRET, ago(MINUTE))]).lastSuccessAt,
    ).toBeUndefined();
    const fresh = { ingress: ingress({ annotations: freshAnnotations(), addresses: [] }) };
    expect(history([scheduled(ago(5 * MINUTE))], fresh).lastSuccessAt).toBeUndefined();
  });
});

describe("errors of the NEG controller", () => {
  const refused = 'error processing service "shop/web": NEG annotation is invalid.';
  const failed = `Failed to sync NEG "${negName("web")}" (will retry): googleapi: Error 403: Quota 'X' exceeded. Limit: 1.0, quotaExceeded`;
  const attach = `Failed to Attach 1 network endpoint(s) (NEG "${negName("web")}" in zone "z-a"): googleapi: Error 403: Required 'p' permission for 'x', forbidden`;

  it("belong to the Service, and count for an Ingress that names it", () => {
    const [error] = history([negEvent("Warning", "ProcessServiceFailed", refused, ago(MINUTE))]).errors;
    expect(error).toMatchObject({
      phase: "neg",
      cause: { kind: "neg-annotation-invalid" },
      subject: { kind: "Service", name: "web" },
    });
    const other = { ingress: ingress({ rules: [] }) };
    expect(kinds([negEvent("Warning", "ProcessServiceFailed", refused, ago(MINUTE))], other)).toEqual([]);
  });

  it("end when the Service was changed and looked at since", () => {
    const error = negEvent("Warning", "ProcessServiceFailed", refused, ago(9 * MINUTE));
    expect(kinds([error], { services: known([service({ changedAt: ago(5 * MINUTE) })]) })).toEqual([]);
    expect(kinds([error], { services: known([service({ changedAt: ago(10 * SECOND) })]) })).toHaveLength(1);
    expect(kinds([{ ...error, lastAt: ago(41 * MINUTE) }])).toEqual([]);
  });

  it("end when the NEG synced since", () => {
    const error = negEvent("Warning", "SyncNetworkEndpointGroupFailed", failed, ago(9 * MINUTE));
    expect(kinds([error])).toEqual(["quota"]);
    expect(kinds([error], { serviceNegs: known([serviceNeg({ lastSyncAt: ago(MINUTE) })]) })).toEqual([]);
    const unsynced = serviceNeg({
      lastSyncAt: ago(MINUTE),
      conditions: [condition("Synced", "False", "NegSyncFailed", "x")],
    });
    expect(kinds([error], { serviceNegs: known([unsynced]) })).toEqual(["quota"]);
    const attached = negEvent(
      "Normal",
      "Attach",
      `Attach 2 network endpoint(s) (NEG "${negName("web")}" in zone "z-a")`,
      ago(MINUTE),
    );
    expect(kinds([error, attached])).toEqual([]);
  });

  it("of attaching end only by attaching in the same zone, because a sync does not wait for it", () => {
    const error = negEvent("Warning", "AttachFailed", attach, ago(9 * MINUTE));
    expect(kinds([error], { serviceNegs: known([serviceNeg({ lastSyncAt: ago(MINUTE) })]) })).toEqual([
      "permission",
    ]);
    const inZone = (zone: string) =>
      negEvent(
        "Normal",
        "Attach",
        `Attach 2 network endpoint(s) (NEG "${negName("web")}" in zone "${zone}")`,
        ago(MINUTE),
      );
    expect(kinds([error, inZone("z-b")])).toEqual(["permission"]);
    expect(kinds([error, inZone("z-a")])).toEqual([]);
  });

  it("may also stand on the ServiceNetworkEndpointGroup", () => {
    const about = { kind: "ServiceNetworkEndpointGroup", namespace: "shop", name: negName("web"), uid: "u" };
    const error = {
      ...negEvent("Warning", "NegCRError", "failed to delete NEG x in z: y", ago(MINUTE)),
      about,
    };
    expect(history([error]).errors[0]?.subject.kind).toBe("ServiceNetworkEndpointGroup");
  });

  it("of degraded mode end with it", () => {
    const enter = negEvent(
      "Warning",
      "EnterDegradedMode",
      "Entering degraded mode for NEG shop/web-key due to sync err: x",
      ago(9 * MINUTE),
    );
    const exit = negEvent(
      "Normal",
      "ExitDegradedMode",
      "NEG shop/web-key is no longer in degraded mode",
      ago(MINUTE),
    );
    expect(kinds([enter])).toEqual(["neg-degraded"]);
    expect(kinds([enter, exit])).toEqual([]);
  });
});

describe("firewall requests", () => {
  const command =
    "gcloud compute firewall-rules create k8s-fw-l7--0123 --allow tcp:8080 --source-ranges 35.191.0.0/16";
  const message = `Firewall change required by security admin: \`${command}\``;

  it.each(["XPN", "Sync"])("are found in Normal Events of reason %s", (reason) => {
    const { firewallRequests, errors } = history([normal(message, ago(MINUTE), { reason })]);
    expect(firewallRequests).toMatchObject([{ rule: "k8s-fw-l7--0123", command, lastAt: ago(MINUTE) }]);
    expect(errors).toEqual([]);
  });

  it("are no error when an older controller sends them as a Warning", () => {
    const { firewallRequests, errors } = history([warning(message, ago(MINUTE), { reason: "XPN" })]);
    expect([firewallRequests.length, errors.length]).toEqual([1, 0]);
  });

  it("are kept once per rule, and forgotten when two syncs did not repeat them", () => {
    const older = normal(message.replace("8080", "80"), ago(5 * MINUTE), { reason: "XPN" });
    const newer = normal(message, ago(MINUTE), { reason: "XPN" });
    expect(history([older, newer]).firewallRequests).toMatchObject([{ allow: ["tcp:8080"] }]);
    const stale = normal(message, ago(25 * MINUTE), { reason: "XPN" });
    expect(history([stale, scheduled(ago(MINUTE))]).firewallRequests).toEqual([]);
  });
});

it("does not depend on the order of Events", () => {
  const events = [
    warning(NO_SECRET, ago(MINUTE)),
    warning("Error: no FrontendConfig for Ingress exists.", ago(MINUTE)),
    negEvent("Warning", "ProcessServiceFailed", "error processing service: x", ago(MINUTE)),
    scheduled(ago(2 * MINUTE)),
    normal("Firewall change required: `gcloud compute firewall-rules create a --allow tcp:1`", ago(MINUTE)),
    normal("Firewall change required: `gcloud compute firewall-rules create b --allow tcp:1`", ago(MINUTE)),
  ];
  expect(history([...events].reverse())).toEqual(history(events));
});
