import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ApiFailure, failureOfError, failureOfStatus } from "../../src/kubernetes/api-failure.ts";
import { writeFailureOf } from "../../src/kubernetes/write-failure.ts";

test.each([
  [400, "invalid"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not-found"],
  [405, "invalid"],
  [409, "conflict"],
  [410, "gone"],
  [413, "invalid"],
  [422, "invalid"],
  [429, "too-many-requests"],
  [500, "unavailable"],
  [503, "unavailable"],
  [504, "unavailable"],
  [302, "malformed"],
])("status %i is %s", (status, kind) => {
  expect(failureOfStatus(status, undefined).kind).toBe(kind);
});

describe("what the status hides", () => {
  test("a version from before a restored backup needs a new list", () => {
    const body = { details: { causes: [{ reason: "ResourceVersionTooLarge" }] } };
    expect(failureOfStatus(504, body).kind).toBe("gone");
  });
  test("an apply the schema does not take and an object too big are the request's fault", () => {
    const untyped = "failed to create typed patch object (x/y; Z): .status.a: field not declared in schema";
    expect(failureOfStatus(500, { message: untyped }).kind).toBe("invalid");
    expect(failureOfStatus(500, { message: "etcdserver: request is too large" }).kind).toBe("invalid");
    expect(failureOfStatus(500, { message: "etcdserver: leader changed" }).kind).toBe("unavailable");
  });
});

test.each([
  ["3", 3_000],
  ["99999", 600_000],
  ["soon", undefined],
  ["-1", undefined],
  [undefined, undefined],
])("Retry-After %j waits %j ms", (header, expected) => {
  expect(failureOfStatus(429, undefined, header).retryAfterMs).toBe(expected);
});

test("any body makes a bounded one-line failure", () => {
  const text = fc.string({ unit: "binary", maxLength: 400 });
  const body = fc.oneof(fc.jsonValue(), fc.record({ reason: text, message: text }));
  fc.assert(
    fc.property(body, fc.integer({ min: 100, max: 599 }), (answer, status) => {
      const { message } = failureOfStatus(status, answer);
      expect(message.length).toBeLessThan(500);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them.
      expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test.each([
  [Object.assign(new Error("idle"), { code: "UND_ERR_BODY_TIMEOUT" }), "timeout"],
  [Object.assign(new Error("reset"), { code: "ECONNRESET" }), "network"],
  [new Error("outer", { cause: Object.assign(new Error(), { code: "ENOTFOUND" }) }), "network"],
  [new TypeError("x is not a function"), "malformed"],
  ["text", "malformed"],
  [new ApiFailure("aborted"), "aborted"],
])("%s is %s", (error, kind) => {
  expect(failureOfError(error).kind).toBe(kind);
});

test.each([
  [new ApiFailure("not-found", { reason: "NotFound" }), { outcome: "gone" }],
  [new ApiFailure("not-found"), { outcome: "unserved" }],
  [new ApiFailure("invalid"), { outcome: "rejected" }],
  [new ApiFailure("too-many-requests", { retryAfterMs: 5 }), { outcome: "throttled", retryAfterMs: 5 }],
  [new ApiFailure("conflict"), { outcome: "conflict" }],
  [new ApiFailure("timeout"), { outcome: "failed" }],
  [new ApiFailure("forbidden"), { outcome: "forbidden" }],
  [new ApiFailure("aborted"), { outcome: "aborted" }],
])("a write that fails with %s is %j", (failure, expected) => {
  expect(writeFailureOf(failure)).toEqual(expected);
});
