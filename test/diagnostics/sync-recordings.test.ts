import { expect, it } from "vitest";
import { momentOf } from "../../src/diagnostics/moment.ts";
import { type SyncHistory, syncHistory } from "../../src/diagnostics/sync-events.ts";
import { type Recording, readRecordings } from "../recordings/recording.ts";
import { snapshotsOf } from "../support/object-snapshots.ts";
import { describeWithShared, hasShared, sharedPath } from "../support/shared.ts";

const recordings = hasShared("recordings") ? readRecordings(sharedPath("recordings")) : [];

/** What the Events of each Ingress of a recording say at the time to diagnose at. */
function histories({ objects, truth }: Recording): readonly SyncHistory[] {
  return snapshotsOf(objects, Date.parse(truth.observedAt)).map((one) => {
    const history = syncHistory(one, momentOf(one.takenAt));
    if (!history.known) throw new Error("a recording holds its Events");
    return history.value;
  });
}

const causesOf = (recording: Recording) =>
  histories(recording).flatMap(({ errors }) => errors.map(({ cause }) => cause.kind));

/** The cause that Events must show for each root cause that they show at all. */
const SHOWN_BY_EVENTS: Readonly<Record<string, string>> = {
  "permission-denied": "permission",
  "pre-shared-cert-not-found": "certificate-missing",
  "proxy-only-subnet-missing": "proxy-only-subnet-missing",
  "quota-exceeded": "quota",
  "ssl-policy-not-found": "ssl-policy-missing",
  "static-ip-annotations-conflict": "static-ip-annotations-conflict",
  "static-ip-wrong-scope": "static-ip-missing",
  "tls-secret-not-found": "secret-missing",
  "cdn-secret-not-found": "secret-missing",
  "too-many-host-rules": "url-map-too-large",
  "frontendconfig-not-found": "frontend-config-missing",
  "service-not-found": "service-missing",
  "service-port-not-found": "service-port-missing",
  "clusterip-without-neg": "service-type-unsupported",
  "neg-annotation-invalid": "neg-annotation-invalid",
  "neg-custom-name-with-ingress": "neg-custom-name-with-ingress",
  "endpoint-without-node": "neg-endpoint-node",
};

describeWithShared("Events as the real controllers wrote them", () => {
  it.each(recordings.map((one) => [one.name, one] as const))("are all recognized: %s", (_name, recording) => {
    expect(causesOf(recording)).not.toContain("unrecognized");
  });

  it.each(
    recordings.filter(({ truth }) => truth.rootCause === "healthy").map((one) => [one.name, one] as const),
  )("hold no current error: %s", (_name, recording) => {
    expect(causesOf(recording)).toEqual([]);
  });

  it.each(
    recordings.flatMap((one) => {
      const kind = SHOWN_BY_EVENTS[one.truth.rootCause];
      return kind === undefined ? [] : [[one.name, kind, one] as const];
    }),
  )("show the cause of %s: %s", (_name, kind, recording) => {
    expect(causesOf(recording)).toContain(kind);
    expect(histories(recording).some(({ lastSuccessAt }) => lastSuccessAt === undefined)).toBe(
      !["frontend-config-missing", "neg-endpoint-node"].includes(kind),
    );
  });
});
