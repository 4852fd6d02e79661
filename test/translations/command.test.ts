import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { evaluate, type Outcome } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "translations-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A line that the model agrees with, unless `changes` make it differ. */
function line(id: string, changes: object = {}): string {
  const web = { service: "shop/web", port: "&ServiceBackendPort{Name:,Number:80,}", neg: false };
  const system = {
    service: "kube-system/default-http-backend",
    port: "&ServiceBackendPort{Name:http,Number:0,}",
  };
  const object = (namespace: string, name: string) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name },
    spec: { type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 30080 }] },
  });
  const backend = { service: { name: "web", port: { number: 80 } } };
  return JSON.stringify({
    id,
    ingress: {
      metadata: { namespace: "shop", name: "web" },
      spec: { rules: [{ http: { paths: [{ path: "/a", pathType: "Exact", backend }] } }] },
    },
    objects: [object("shop", "web"), object("kube-system", "default-http-backend")],
    urlMap: {
      default: { ...system, neg: false },
      hosts: [{ host: "*", paths: [{ path: "/a", ...web }] }],
    },
    errors: [],
    ...changes,
  });
}

function run(content: string | Buffer | undefined, ...options: string[]): Outcome {
  const file = join(folder, "lines.jsonl");
  if (content !== undefined) writeFileSync(file, content);
  const { complaint, ...outcome } = evaluate([...(content === undefined ? [] : [file]), ...options]);
  return complaint === undefined ? outcome : { ...outcome, complaint: complaint.replaceAll(file, "FILE") };
}

describe("a file that agrees", () => {
  it("is counted, compressed or not", () => {
    const lines = `${line("1")}\n${line("2")}\n`;
    const output = "2 of 2 lines agree (URL map: 2, errors: 2)";
    expect(run(lines)).toEqual({ failed: false, output });
    expect(run(gzipSync(lines))).toEqual({ failed: false, output });
    expect(JSON.parse(run(lines, "--json").output)).toEqual({
      lines: 2,
      urlMapAgrees: 2,
      errorsAgree: 2,
      agree: 2,
      differences: [],
    });
  });
});

describe("a file that differs", () => {
  const other = { urlMap: { default: null, hosts: [] } };
  const lines = [
    line("good"),
    line("map", other),
    line("errors", { errors: ['could not find service "shop/x"'] }),
  ];

  it("is told line by line", () => {
    expect(run(lines.join("\n"))).toEqual({
      failed: true,
      output: [
        "map: the URL map differs",
        "  only recorded:   default -> nothing",
        "  only translated: default -> kube-system/default-http-backend port http",
        "  only translated: host *",
        "  only translated: * /a -> shop/web port 80",
        "errors: the errors differ",
        "  only recorded:   service-not-found shop/x",
        "1 of 3 lines agree (URL map: 2, errors: 2)",
      ].join("\n"),
    });
  });

  it("is told as JSON", () => {
    const result = run(lines.join("\n"), "--json");
    expect(result.failed).toBe(true);
    expect(JSON.parse(result.output)).toMatchObject({
      lines: 3,
      urlMapAgrees: 2,
      errorsAgree: 2,
      agree: 1,
      differences: [
        { id: "map", urlMap: { recorded: ["default -> nothing"] } },
        { id: "errors", errors: { recorded: ["service-not-found shop/x"], translated: [] } },
      ],
    });
  });

  it("differs in how often an error occurs", () => {
    const gone = { objects: [], urlMap: { default: null, hosts: [{ host: "*", paths: [] }] } };
    const service = 'could not find service "shop/web"';
    const system =
      'failed to retrieve the system default backend service "kube-system/default-http-backend" with port "x": y';
    expect(run(line("1", { ...gone, errors: [system, service] })).failed).toBe(false);
    expect(run(line("1", { ...gone, errors: [service, service, system] })).output).toContain(
      "same entries, another order or number",
    );
  });

  it("differs in order, port and NEG of a path", () => {
    const paths = [
      { path: "/a", service: "shop/web", port: "&ServiceBackendPort{Name:,Number:80,}", neg: true },
    ];
    const urlMap = { default: null, hosts: [{ host: "*", paths }] };
    expect(run(line("1", { urlMap })).output).toContain("only recorded:   * /a -> shop/web port 80 by NEG");
  });
});

describe("a file that cannot be evaluated", () => {
  it.each([
    ["", "FILE holds no line"],
    [
      `${line("1")}\n{"id":1}\n`,
      "FILE:2 is no recorded translation: see id, ingress, objects, urlMap, errors",
    ],
    [
      '{"id":"1","ingress":{},"objects":[],"urlMap":{"hosts":[{}]},"errors":[]}',
      "FILE:1 is no recorded translation: see urlMap",
    ],
  ])("%j", (content, complaint) => {
    expect(run(content)).toEqual({ failed: true, output: "", complaint });
  });

  it("says where it is not JSON", () => {
    expect(run("\n{").complaint).toMatch(/^FILE:2 is not JSON: /);
  });

  it("is not there, or not the only argument", () => {
    expect(run(undefined, "/nonexistent/file").complaint).toMatch(
      /^\/nonexistent\/file cannot be read: ENOENT/,
    );
    const usage = { failed: true, output: "", complaint: "usage: npm run -s translations -- FILE [--json]" };
    expect(run(undefined)).toEqual(usage);
    expect(run("", "other")).toEqual(usage);
    expect(run("", "--yaml")).toEqual(usage);
  });
});
