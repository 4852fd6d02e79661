import { expect, test } from "vitest";
import { covers, overlaps, parseCidr } from "../../src/diagnostics/cidr.ts";

/** A block that must be one. */
function range(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no CIDR block`);
  return parsed;
}

test("a block runs from its network address, whatever address it is written with", () => {
  expect(range("10.0.0.77/30")).toEqual(range("10.0.0.76/30"));
  expect(range("0.0.0.0/0")).toEqual({ first: 0, last: 2 ** 32 - 1 });
  expect(range("255.255.255.255/32")).toEqual({ first: 2 ** 32 - 1, last: 2 ** 32 - 1 });
});

test.each(["", "10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0/8", "::/0", "2600:2d00:1:b029::/64", "a/8"])(
  "%j is no IPv4 block",
  (text) => expect(parseCidr(text)).toBeUndefined(),
);

test("covering is for all addresses, overlapping for one", () => {
  const google = range("35.191.0.0/16");
  expect(covers(range("0.0.0.0/0"), google)).toBe(true);
  expect(covers(google, google)).toBe(true);
  expect(covers(range("35.191.0.0/17"), google)).toBe(false);
  expect(overlaps(range("35.191.128.0/17"), google)).toBe(true);
  expect(overlaps(range("35.192.0.0/16"), google)).toBe(false);
  expect(overlaps(range("35.190.0.0/16"), google)).toBe(false);
});
