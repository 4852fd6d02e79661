import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BoundedServer } from "../../src/http/bounded-server.ts";
import type { Access } from "../../src/model/access.ts";
import { ClusterReport } from "../../src/page/cluster-report.ts";
import { type PageOptions, startPageServer } from "../../src/page/page-server.ts";
import { ingress } from "../support/builders.ts";
import { MemoryCluster } from "../support/memory-cluster.ts";

const NOW = Date.UTC(2026, 10, 23);

/** Two namespaces with an Ingress each, of which the token `ann` may read one. */
function clusterReport(owns: (namespace: string) => boolean = () => true): ClusterReport {
  const cluster = new MemoryCluster();
  for (const namespace of ["shop", "bank"]) {
    cluster.put("ingresses", ingress({ ref: { ...ingress().ref, namespace, name: `${namespace}-door` } }));
  }
  const sources = { listers: cluster.listers, sharing: () => [] };
  return new ClusterReport({ sources, owns, clock: { now: () => NOW } });
}

const access = {
  async check(token: string, namespaces: readonly string[]): Promise<Access> {
    asked.push(namespaces);
    if (token === "down") return { kind: "unavailable" };
    if (token !== "ann") return { kind: "refused" };
    return { kind: "granted", mayRead: (namespace) => namespace === "shop" };
  },
};

let asked: (readonly string[])[];
const failed = (error: unknown) => failures.push(error);

let failures: unknown[];
let server: BoundedServer | undefined;
beforeEach(() => {
  asked = [];
  failures = [];
});
afterEach(() => server?.stop());

async function serve(options: Partial<PageOptions> = {}): Promise<string> {
  server = await startPageServer({
    host: "127.0.0.1",
    port: 0,
    access,
    report: clusterReport(),
    failed,
    ...options,
  });
  return `http://127.0.0.1:${server.port}/`;
}

const form = (token: string) => ({ method: "POST", body: new URLSearchParams({ token }) });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("the page for tokens", () => {
  it("asks for a token and shows nothing without one", async () => {
    const answer = await fetch(await serve());
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain('type="password"');
    expect(text).not.toContain("shop-door");
    expect(asked).toEqual([]);
  });

  it.each([
    ["a form", form("ann")],
    ["a header", bearer("ann")],
  ])("shows with %s what its owner may read, and not even the names of the rest", async (_, init) => {
    const answer = await fetch(await serve(), init);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain("shop-door");
    expect(text).not.toContain("bank");
    expect(asked.map((namespaces) => [...namespaces].sort())).toEqual([["bank", "shop"]]);
  });

  it.each([
    ["eve", 401, "does not know this token"],
    ["down", 503, "could not be asked"],
  ])("with the token %s answers %i", async (token, status, said) => {
    const answer = await fetch(await serve(), form(token));
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(text).toContain(said);
    expect(text).not.toContain(token);
  });

  it("tells browsers to load nothing, to keep nothing and to be framed by nobody", async () => {
    const { headers } = await fetch(await serve(), bearer("ann"));
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each([
    ["PUT", "/", 405],
    ["GET", "/metrics", 404],
    ["GET", "/../../etc/passwd", 404],
  ])("answers %s %s with %i", async (method, path, status) => {
    expect((await fetch(new URL(path, await serve()), { method })).status).toBe(status);
  });

  it("refuses a body that no token needs", async () => {
    expect((await fetch(await serve(), form("x".repeat(20_000)))).status).toBe(413);
  });

  it("makes reports one after the other, and turns away more than a few that wait", async () => {
    let running = 0;
    let most = 0;
    const releases: (() => void)[] = [];
    const render = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => releases.push(resolve));
      running -= 1;
      return "made";
    };
    const url = await serve({ report: { namespaces: () => [], render } });
    const answers = Array.from({ length: 12 }, () => fetch(url, bearer("ann")).then(({ status }) => status));
    const release = setInterval(() => releases.shift()?.(), 5);
    const statuses = await Promise.all(answers).finally(() => clearInterval(release));
    expect(most).toBe(1);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(8);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(0);
  });
});

it("tells people little of a defect, and its operator all", async () => {
  const render = () => Promise.reject(new Error("a secret detail"));
  const answer = await fetch(await serve({ report: { namespaces: () => [], render } }), bearer("ann"));
  expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining("secret")]);
  expect(failures).toEqual([new Error("a secret detail")]);
});

describe("the page for this machine", () => {
  it("shows everything to whoever came through kubectl port-forward", async () => {
    const text = await (await fetch(await serve({ access: undefined }))).text();
    expect(text).toContain("shop-door");
    expect(text).toContain("bank-door");
  });

  it("is not read by another site whose name was made to point here", async () => {
    const { port } = new URL(await serve({ access: undefined }));
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpRequest({ host: "127.0.0.1", port, headers: { host: "evil.example.com" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });
});

describe("the report of a cluster", () => {
  it("leaves out what another shard diagnoses", async () => {
    const report = clusterReport((namespace) => namespace === "bank");
    expect(report.namespaces()).toEqual(["bank"]);
    expect(await report.render(() => true)).not.toContain("shop-door");
  });

  it("shows the most urgent of very many, and counts the rest", async () => {
    const cluster = new MemoryCluster();
    const { ref } = ingress();
    for (let index = 0; index < 210; index += 1) {
      cluster.put("ingresses", ingress({ ref: { ...ref, name: `web-${index}` } }));
    }
    const sources = { listers: cluster.listers, sharing: () => [] };
    const report = new ClusterReport({ sources, owns: () => true, clock: { now: () => NOW } });
    const page = await report.render(() => true);
    expect(page.match(/<details class="ingress /g)).toHaveLength(200);
    expect(page).toContain("10 others have no room here");
  });

  it("says that there is nothing when nothing may be read", async () => {
    expect(await clusterReport().render(() => false)).toContain("No Ingress of GKE");
  });
});
