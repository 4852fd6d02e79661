import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gcpMetadata } from "google-auth-library";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GoogleCredentials, RECHECK_MS } from "../../src/gcp/credentials.ts";
import { ComputeFailure } from "../../src/gcp/errors.ts";
import { readMetadata } from "../../src/gcp/metadata.ts";
import { ComputeEmulator } from "../simulator/compute-api/emulator.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { computeSession } from "./compute-session.ts";
import { MetadataServer } from "./metadata-server.ts";

const server = new MetadataServer();
let clock = new FakeClock();

beforeEach(() => {
  clock = new FakeClock();
  server.answer = "token";
  server.asked = 0;
  gcpMetadata.resetIsAvailableCache();
  // No key file of whoever runs the tests may be found.
  vi.stubEnv("HOME", mkdtempSync(join(tmpdir(), "ingress-doctor-home-")));
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "");
  vi.stubEnv("GCE_METADATA_HOST", "127.0.0.1:1");
  vi.stubEnv("METADATA_SERVER_DETECTION", "assume-present");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop().catch(() => undefined);
});

async function startServer(): Promise<void> {
  vi.stubEnv("GCE_METADATA_HOST", await server.start());
}

async function kindOf(work: Promise<unknown>): Promise<string> {
  const reason: unknown = await work.then(
    () => "ok",
    (error: unknown) => error,
  );
  return reason instanceof ComputeFailure ? reason.kind : String(reason);
}

describe("Application Default Credentials", () => {
  it("give a token, asked for once", async () => {
    await startServer();
    const credentials = new GoogleCredentials(clock);
    expect(credentials.state()).toBe("pending");
    expect((await credentials.headers()).get("authorization")).toBe("Bearer secret");
    await credentials.headers();
    expect(credentials.state()).toBe("found");
    expect(server.asked).toBe(1);
  });

  it("are fetched anew when the API did not accept the token", async () => {
    await startServer();
    const credentials = new GoogleCredentials(clock);
    await credentials.headers();
    credentials.refuse();
    await credentials.headers();
    expect(server.asked).toBe(2);
  });

  it.each([404, 403])("that are refused with %s are an identity denied, never a resource", async (status) => {
    await startServer();
    server.answer = status;
    const emulator = new ComputeEmulator();
    const base = await emulator.start();
    const { api } = computeSession(base, { credentials: new GoogleCredentials(clock) });
    expect(await kindOf(api.page("urlMaps", undefined))).toBe("identity-denied");
    expect(emulator.count()).toBe(0);
    await emulator.stop();
  });

  it("that never come are given up after three seconds", async () => {
    await startServer();
    server.answer = "hang";
    const credentials = new GoogleCredentials(clock);
    const asked = kindOf(credentials.headers());
    await vi.waitFor(() => expect(server.asked).toBe(1));
    await clock.pass(3_000);
    expect(await asked).toBe("identity-unreachable");
    expect(credentials.state()).toBe("unreachable");
  });

  it("that are missing are asked for once a minute, and found when they come", async () => {
    await startServer();
    server.answer = 403;
    const credentials = new GoogleCredentials(clock);
    expect(await kindOf(credentials.headers())).toBe("identity-denied");
    expect(credentials.state()).toBe("refused");
    server.answer = "token";
    const asked = server.asked;
    expect(await kindOf(credentials.headers())).toBe("identity-denied");
    expect(server.asked).toBe(asked);
    await clock.pass(RECHECK_MS);
    expect(await kindOf(credentials.headers())).toBe("ok");
  });

  it("are found on a metadata server that came after the library had noted its absence", async () => {
    vi.stubEnv("METADATA_SERVER_DETECTION", "ping-only");
    const credentials = new GoogleCredentials(clock);
    expect(await kindOf(credentials.headers())).toBe("no-credentials");
    await startServer();
    // The library itself would go on to say no for as long as the process lives.
    expect(await gcpMetadata.isAvailable()).toBe(false);
    await clock.pass(RECHECK_MS);
    expect(await kindOf(credentials.headers())).toBe("ok");
  });

  it("are not looked for on a metadata server that is switched off", async () => {
    await startServer();
    vi.stubEnv("METADATA_SERVER_DETECTION", "none");
    const credentials = new GoogleCredentials(clock);
    expect(await kindOf(credentials.headers())).toBe("no-credentials");
    expect(credentials.state()).toBe("absent");
    expect(server.asked).toBe(0);
  });
});

describe("a process without credentials", () => {
  it("says so, and loads no Compute client", async () => {
    const script = join(import.meta.dirname, "no-credentials-process.ts");
    const env = { ...process.env, METADATA_SERVER_DETECTION: "none" };
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env });
    expect(JSON.parse(stdout)).toEqual({ reason: "not-configured", computeModules: 0 });
  });
});

describe("the metadata server", () => {
  it("tells project and zone, and nothing when it is not there", async () => {
    expect(await readMetadata("project/project-id", clock)).toBeUndefined();
    await startServer();
    expect(await readMetadata("project/project-id", clock)).toBe("lab-project");
    expect(await readMetadata("instance/zone", clock)).toBe("projects/1/zones/us-central1-a");
  });
});
