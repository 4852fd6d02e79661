import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRequestUrl, requestPort } from "../../src/diagnostics/request-url.ts";

function requestOf(url: string) {
  const parsed = parseRequestUrl(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.request;
}

function problemOf(url: string): string {
  const parsed = parseRequestUrl(url);
  return parsed.ok ? "no problem" : parsed.problem;
}

describe("parseRequestUrl", () => {
  it.each([
    ["http://a.com", "http", "a.com", "/"],
    ["HTTPS://A.Com/X", "https", "A.Com", "/X"],
    ["https://a.com:443/", "https", "a.com:443", "/"],
    ["http://a.com:/x", "http", "a.com", "/x"],
    ["http://a.com:65535/", "http", "a.com:65535", "/"],
    [`http://${"a".repeat(253)}/`, "http", "a".repeat(253), "/"],
    ["http://a.com?x=1", "http", "a.com", "/?x=1"],
    ["http://a.com#top", "http", "a.com", "/#top"],
    ["http://a.com//x/../%2e?q=a b".replace(" ", "+"), "http", "a.com", "//x/../%2e?q=a+b"],
    ["http://203.0.113.9/x", "http", "203.0.113.9", "/x"],
    ["http://[2001:DB8::1]:80/", "http", "[2001:db8::1]:80", "/"],
    ["http://my_app/", "http", "my_app", "/"],
    ["https://bücher.example/käse", "https", "xn--bcher-kva.example", "/k%C3%A4se"],
    ["http://a.com/\ud800", "http", "a.com", "/%EF%BF%BD"],
    ["http://a.com/x@y:z", "http", "a.com", "/x@y:z"],
    [" http://a.com/x\n", "http", "a.com", "/x"],
  ])("%j is %s to %s for %s", (url, scheme, host, path) => {
    expect(requestOf(url)).toEqual({ scheme, host, path });
  });

  it.each([
    ["", "nothing, which does not start with http:// or https://"],
    ["a.com/x", '"a.com/x", which does not start with http:// or https://'],
    ["/api/users", '"/api/users", which does not start with http:// or https://'],
    ["ftp://a.com", '"ftp://a.com", which does not start with http:// or https://'],
    ["http:/a.com", '"http:/a.com", which does not start with http:// or https://'],
    ["http://", "one without a host"],
    ["http:///x", "one without a host"],
    ["http://:80/x", "one without a host"],
    ["http://a.com/a b", "one with U+0020 at character 15, which a URL holds in percent-encoding only"],
    ["http://a.com/\u0000", "one with U+0000 at character 14, which a URL holds in percent-encoding only"],
    ["http://a.com/\r\nx", "one with U+000D at character 14, which a URL holds in percent-encoding only"],
    ["http://me:secret@a.com/", "one with a user name or password in it"],
    ["http://a.com:99999/", 'one with port "99999"; ports go from 1 to 65535'],
    ["http://a.com:65536/", 'one with port "65536"; ports go from 1 to 65535'],
    ["http://a.com:0/", 'one with port "0"; ports go from 1 to 65535'],
    ["http://a.com:http/", 'one whose host "a.com:http" is no host name'],
    ["http://a|b/", 'one whose host "a|b" is no host name'],
    ["http://*.a.com/", 'one whose host "*.a.com" is no host name'],
    ["http://[::1/", 'one whose host "[::1" is no host name'],
    [`http://${"a".repeat(254)}/`, "one whose host has 254 characters; 253 are the most"],
  ])("%j is refused: got %s", (url, problem) => {
    expect(problemOf(url)).toBe(`got ${problem}`);
  });

  it("never repeats a password", () => {
    for (const url of ["me:secret@a.com/x", "ftp://me:secret@a.com", "http://me:secret@a.com/"]) {
      expect(problemOf(url)).not.toContain("secret");
    }
  });

  it("keeps a path of 100 kB and bounds what it quotes", () => {
    const long = "/x".repeat(50_000);
    expect(requestOf(`http://a.com${long}`).path).toBe(long);
    expect(problemOf(long).length).toBeLessThan(250);
    expect(problemOf(`http://${"[".repeat(100_000)}`).length).toBeLessThan(250);
  });

  it("reads any text, and what it accepts is plain printable ASCII", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      fc.string({ unit: "binary" }).map((rest) => `http://${rest}`),
      fc.string({ unit: "binary" }).map((rest) => `https://a.com/${rest}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseRequestUrl(text);
        if (!parsed.ok) return;
        expect(parsed.request.host).toMatch(/^[!-~]+$/);
        expect(parsed.request.path).toMatch(/^\/[!-~]*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("requestPort", () => {
  it.each([
    ["http://a.com", 80],
    ["https://a.com", 443],
    ["https://a.com:8443", 8443],
    ["http://[::1]", 80],
    ["http://[::1]:81", 81],
  ])("%s goes to %i", (url, port) => {
    expect(requestPort(requestOf(url))).toBe(port);
  });
});
