import { describe, expect, it } from "vitest";
import { explains, linkCauses, mostLikelyCause } from "../../src/diagnostics/cause.ts";
import { finding } from "../support/finding.ts";

describe("the most likely cause", () => {
  it("is nothing where only hints were found", () => {
    expect(mostLikelyCause([finding({ severity: "info" })])).toBeUndefined();
    expect(mostLikelyCause([finding({ settling: true })])).toBeUndefined();
  });

  it("is the worst, whatever its stage", () => {
    const warning = finding({ code: "GID001", severity: "warning", stage: "ownership" });
    const error = finding({ code: "GID503", severity: "error", stage: "endpoints" });
    expect(mostLikelyCause([warning, error])).toBe(error);
  });

  it("is the earliest stage among equals", () => {
    const late = finding({ code: "GID100", stage: "health" });
    const early = finding({ code: "GID900", stage: "translation" });
    expect(mostLikelyCause([late, early])).toBe(early);
  });

  it("is a cause before an effect, even of an earlier stage", () => {
    const effect = finding({ code: "GID101", stage: "translation", consequence: true });
    const cause = finding({ code: "GID503", stage: "endpoints" });
    expect(mostLikelyCause([effect, cause])).toBe(cause);
  });

  it("is a warning that explains an effect nothing else explains", () => {
    const effect = finding({ code: "GID507", stage: "endpoints", consequence: true, backend: "a" });
    const reason = finding({ code: "GID409", stage: "endpoints", severity: "warning", backend: "a" });
    const other = finding({ code: "GID410", stage: "endpoints", severity: "warning", backend: "b" });
    expect(mostLikelyCause([effect, other, reason])).toBe(reason);
    expect(mostLikelyCause([effect, other])).toBe(effect);
  });
});

describe("a finding explains another", () => {
  const blocking = finding({ code: "GID401", stage: "translation", backend: "a" });
  const noAddress = finding({ code: "GID201", stage: "frontend-sync", consequence: true });

  it("if it stops the whole Ingress and the other only shows an effect", () => {
    expect(explains(blocking, noAddress)).toBe(true);
    expect(explains(finding({ stage: "endpoints" }), noAddress)).toBe(false);
  });

  it("if it comes first on the same backend", () => {
    const pods = finding({ code: "GID503", stage: "endpoints", backend: "a" });
    const check = finding({ code: "GID601", stage: "health", backend: "a" });
    expect(explains(pods, check)).toBe(true);
    expect(explains(check, pods)).toBe(false);
    expect(explains(pods, { ...check, backend: "b" })).toBe(false);
  });

  it("never if it is an effect itself and the other is a cause", () => {
    expect(explains({ ...noAddress, stage: "translation" }, blocking)).toBe(false);
  });

  it("and is then named by it, except in hints and in itself", () => {
    const hint = finding({ code: "GID514", severity: "info", stage: "hygiene", backend: "a" });
    const linked = linkCauses([blocking, noAddress, hint], blocking);
    expect(linked.map((one) => one.causedBy)).toEqual([undefined, "GID401", undefined]);
  });
});
