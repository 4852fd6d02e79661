import { expect, test } from "vitest";
import { replacesOthers, workloadOf } from "../../../src/diagnostics/pods/pod-workload.ts";
import { known } from "../../../src/model/observed.ts";
import type { Pod } from "../../../src/model/pod.ts";
import { notRead, pod, ref, workload } from "../../support/builders.ts";

/** A pod of a ReplicaSet. */
function replica(replicaSet: string): Pod {
  return pod(1, { owner: { kind: "ReplicaSet", name: replicaSet } });
}

/** A pod of StatefulSet `db`. */
function member(revision: string): Pod {
  return pod(1, {
    owner: { kind: "StatefulSet", name: "db" },
    labels: { "controller-revision-hash": revision },
  });
}

test("a pod belongs to the Deployment after which its ReplicaSet is named", () => {
  const workloads = known([workload(), workload({ name: "web-api" })]);
  expect(workloadOf(replica("web-api-6df65bf67"), workloads)?.ref.name).toBe("web-api");
  expect(workloadOf(replica("web-6df65bf67"), workloads)?.ref.name).toBe("web");
  expect(workloadOf(replica("other-6df65bf67"), workloads)).toBeUndefined();
  expect(workloadOf(replica("web-6df65bf67"), notRead("workloads"))).toBeUndefined();
});

test("a pod belongs to its StatefulSet, and to nothing else that has the name", () => {
  const statefulSet = workload({ ref: ref("apps/v1", "StatefulSet", "db") });
  expect(workloadOf(member("a"), known([statefulSet]))).toBe(statefulSet);
  expect(workloadOf(member("a"), known([workload({ name: "db" })]))).toBeUndefined();
});

test("a new revision replaces the old one of its own workload only", () => {
  expect(replacesOthers(replica("web-b"), [replica("web-a")])).toBe(true);
  expect(replacesOthers(replica("web-b"), [replica("web-a"), replica("web-b")])).toBe(false);
  expect(replacesOthers(replica("canary-b"), [replica("web-a")])).toBe(false);
  expect(replacesOthers(member("b"), [member("a")])).toBe(true);
  expect(replacesOthers(member("a"), [member("a")])).toBe(false);
  const { owner: _owner, ...bare } = pod(1);
  expect(replacesOthers(bare, [replica("web-a")])).toBe(false);
});
