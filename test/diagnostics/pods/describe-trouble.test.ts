import { expect, test } from "vitest";
import { describeProbe, describeTrouble } from "../../../src/diagnostics/pods/describe-trouble.ts";
import { podTrouble } from "../../../src/diagnostics/pods/pod-trouble.ts";
import type { ContainerState, Pod } from "../../../src/model/pod.ts";
import { httpProbe } from "../../support/builders.ts";
import { crashingPod, imagelessPod, unreadyPod } from "../../support/troubled-pods.ts";

function told(pod: Pod): string {
  const trouble = podTrouble(pod);
  if (trouble === undefined) throw new Error("the pod is in no trouble");
  return describeTrouble({ pod, trouble });
}

test.each<[ContainerState, string]>([
  [{ reason: "Error", exitCode: 1 }, "it last ended with exit code 1 (Error)"],
  [{ reason: "Error", exitCode: 137 }, "it last ended with exit code 137 (killed, SIGKILL)"],
  [{ reason: "Error", exitCode: 139 }, "it last ended with exit code 139 (invalid memory access, SIGSEGV)"],
  [{ reason: "", exitCode: 3 }, "it last ended with exit code 3"],
  [{ reason: "Completed", exitCode: 0 }, "it last ended by itself with exit code 0"],
  [
    { reason: "OOMKilled", exitCode: 137 },
    "it was last killed for using more memory than its limit (OOMKilled)",
  ],
  [
    { reason: "StartError", exitCode: 128, message: 'exec: "srv": executable file not found in $PATH.' },
    'it cannot be started: exec: "srv": executable file not found in $PATH',
  ],
  [{ reason: "ContainerCannotRun", exitCode: 127 }, "it cannot be started: ContainerCannotRun"],
  [{ reason: "" }, "it last ended with reason unknown"],
])("an end of %j", (end, text) => {
  expect(told(crashingPod(1, end))).toBe(
    `container app of pod web-1 is in a crash loop (CrashLoopBackOff); ${text}`,
  );
});

test("a crash is told alike whether the container waits, has ended or runs, so that the text stays", () => {
  const end = { reason: "Error", exitCode: 1 };
  const waits = told(crashingPod(1, end));
  expect(told(unreadyPod(1, { restartCount: 7, terminated: end }))).toBe(waits);
  expect(told(unreadyPod(1, { restartCount: 9, lastTerminated: end }))).toBe(waits);
});

test("a container that never ran", () => {
  expect(told(unreadyPod(1, { waiting: { reason: "CrashLoopBackOff" } }))).toMatch(/; it never ran$/);
});

test("containers that have not been started", () => {
  expect(told(unreadyPod(1, {}, { phase: "Pending", containers: [] }))).toBe(
    "the containers of pod web-1 have not been started",
  );
  expect(told(imagelessPod(1, { reason: "ContainerCreating" }))).toBe(
    "the containers of pod web-1 have not been started (ContainerCreating)",
  );
});

test.each([
  [httpProbe({ path: "" }), "HTTP GET / on port 8080"],
  [httpProbe({ path: "/ready", port: "web", scheme: "HTTPS" }), "HTTPS GET /ready on port web"],
  [httpProbe({ kind: "tcp", port: 5432 }), "TCP connection to port 5432"],
  [httpProbe({ kind: "grpc" }), "gRPC health check"],
  [httpProbe({ kind: "exec" }), "command in the container"],
])("a probe is told as what it asks: %#", (probe, text) => {
  expect(describeProbe(probe)).toBe(text);
});
