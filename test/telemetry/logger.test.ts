import { expect, test } from "vitest";
import { createLogger, type LogLevel } from "../../src/telemetry/logger.ts";

function logOf(level: LogLevel = "debug") {
  const lines: string[] = [];
  let time = 0;
  const logger = createLogger({ level, write: (line) => void lines.push(line), monotonic: () => time });
  return {
    logger,
    lines,
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

test("a line is one JSON object with level, time, message and facts", () => {
  const { logger, lines } = logOf();
  logger.warn("watch ended", { kind: "pods", seconds: 3 });
  const [line = ""] = lines;
  expect(line.endsWith("\n")).toBe(true);
  expect(JSON.parse(line)).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    kind: "pods",
    seconds: 3,
    msg: "watch ended",
  });
});

test("lines below the level are not written", () => {
  const { logger, lines } = logOf("warn");
  logger.info("quiet");
  logger.error("loud");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["loud"]);
});

test("whatever a value holds, the line is one line of printable ASCII and reads back as it was", () => {
  const { logger, lines } = logOf();
  const evil = "a\u001b[31m\u0000\n\u202e\u009b\u{1F6A8}\ud800";
  logger.info("evil", { evil });
  expect(lines[0]).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(lines[0] ?? "").evil).toBe(evil);
});

test.each([
  ["bearer tokens", { detail: "Authorization: Bearer abc.DEF-123" }, "abc.DEF-123"],
  [
    "JSON Web Tokens",
    { detail: "token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJr.c2lnbmF0dXJl rejected" },
    "c2lnbmF0dXJl",
  ],
  [
    "private keys",
    { detail: "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----" },
    "MHcCAQEE",
  ],
  ["fields that are called so", { token: "opensesame" }, "opensesame"],
])("%s are cut out", (_what, fields, secret) => {
  const { logger, lines } = logOf();
  logger.error("request failed", fields);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain(secret);
  expect(() => JSON.parse(lines[0] ?? "")).not.toThrow();
});

test("a flood is cut to ten lines a second, and what was dropped is counted", () => {
  const { logger, lines, wait } = logOf();
  for (let index = 0; index < 1000; index += 1) logger.info("flood");
  logger.error("another level is not held up");
  expect(lines).toHaveLength(101);
  wait(1000);
  for (let index = 0; index < 1000; index += 1) logger.info("flood");
  expect(lines).toHaveLength(111);
  expect(JSON.parse(lines[101] ?? "").dropped).toBe(900);
});
