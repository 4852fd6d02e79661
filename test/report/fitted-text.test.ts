import { expect, it } from "vitest";
import { fitted } from "../../src/report/fitted-text.ts";

it("leaves a text that fits", () => {
  expect(fitted("shop.example.com", 160, 13)).toBe("shop.example.com");
});

it("shortens in the middle and keeps both ends", () => {
  const name = "k8s1-7c1e09d2-shop-web-80-0badc0de";
  const short = fitted(name, 120, 12);
  expect(short).toMatch(/^k8s1-.*….*de$/);
  expect(short.length).toBeLessThan(name.length);
});

it("never cuts a character in two, and ends for any width", () => {
  expect(fitted("\u{1f600}".repeat(40), 60, 12)).toMatch(/^(\u{1f600})+…(\u{1f600})*$/u);
  expect(fitted("abcdefgh", 1, 12).length).toBeLessThanOrEqual(3);
});
