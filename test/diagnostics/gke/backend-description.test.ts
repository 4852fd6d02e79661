import { describe, expect, it } from "vitest";
import {
  goPortText,
  parseBackendDescription,
  parseGoPort,
} from "../../../src/diagnostics/gke/backend-description.ts";

const describedAs = (service: string, port: string, more = "") =>
  `{"kubernetes.io/service-name":"${service}","kubernetes.io/service-port":"${port}"${more}}`;

describe("the description of a backend service", () => {
  it("names Service, port and features", () => {
    const text = describedAs(
      "shop/web",
      "\\u0026ServiceBackendPort{Name:,Number:80,}",
      ',"x-features":["HTTP2","NEG"]',
    );
    expect(parseBackendDescription(text)).toEqual({
      service: "shop/web",
      port: { number: 80 },
      features: ["HTTP2", "NEG"],
    });
  });

  it("may lack features, and a port that can be read", () => {
    expect(
      parseBackendDescription('{"kubernetes.io/service-name":"shop/web","x-features":["NEG",null]}'),
    ).toEqual({
      service: "shop/web",
      port: undefined,
      features: ["NEG", ""],
    });
    expect(parseBackendDescription(describedAs("shop/web", "{1 0 http}"))).toEqual({
      service: "shop/web",
      port: undefined,
      features: [],
    });
  });

  it.each([
    "",
    "made by hand",
    "{}",
    '{"kubernetes.io/service-name":"web"}',
    '{"kubernetes.io/service-name":1}',
    "[]",
  ])("%j is none", (text) => {
    expect(parseBackendDescription(text)).toBeUndefined();
  });
});

describe("Go's text of a port", () => {
  it.each([
    [{ number: 80 }, "&ServiceBackendPort{Name:,Number:80,}"],
    [{ name: "http" }, "&ServiceBackendPort{Name:http,Number:0,}"],
  ])("%j is %s, both ways", (port, text) => {
    expect(goPortText(port)).toBe(text);
    expect(parseGoPort(text)).toEqual(port);
  });

  it("prints an empty reference, too", () => {
    expect(goPortText({})).toBe("&ServiceBackendPort{Name:,Number:0,}");
    expect(parseGoPort(goPortText({}))).toEqual({ number: 0 });
  });

  it("was a bare number or name in older controllers", () => {
    expect(parseGoPort("8080")).toEqual({ number: 8080 });
    expect(parseGoPort("http-alt")).toEqual({ name: "http-alt" });
    expect(parseGoPort("8a")).toEqual({ name: "8a" });
    expect(parseGoPort("a8")).toEqual({ name: "a8" });
  });

  it.each([
    "",
    "ServiceBackendPort{Name:,Number:80,}",
    "&ServiceBackendPort{Name:,Number:x,}",
    "a b",
    "A",
    "a&",
    "&a",
    " &ServiceBackendPort{Name:,Number:80,}",
    "&ServiceBackendPort{Name:x,Number:80,} ",
  ])("%j is none", (text) => {
    expect(parseGoPort(text)).toBeUndefined();
  });
});
