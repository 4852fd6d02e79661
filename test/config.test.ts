import { expect, test } from "vitest";
import { readConfig, usage } from "../src/config.ts";
import { ConfigError } from "../src/config-error.ts";
import { LEASE_TIMINGS } from "../src/kubernetes/lease-election.ts";

test("without flags the defaults hold", () => {
  expect(readConfig([], {})).toEqual({
    kubeconfig: undefined,
    context: undefined,
    namespaces: undefined,
    lease: { namespace: "ingress-doctor", name: "ingress-doctor", timings: LEASE_TIMINGS },
    shard: { index: 0, count: 1 },
    listen: { host: "127.0.0.1", port: 8080 },
    logLevel: "info",
    google: { project: undefined, endpoint: undefined },
    probe: false,
  });
});

test("every flag is read", () => {
  const args = "--kubeconfig k --context c --namespace a,b --namespace b --lease-namespace ln --lease-name l";
  expect(readConfig(`${args} --listen [::1]:9 --log-level debug`.split(" "), {})).toEqual({
    kubeconfig: "k",
    context: "c",
    namespaces: ["a", "b"],
    lease: { namespace: "ln", name: "l", timings: LEASE_TIMINGS },
    shard: { index: 0, count: 1 },
    listen: { host: "::1", port: 9 },
    logLevel: "debug",
    google: { project: undefined, endpoint: undefined },
    probe: false,
  });
  expect(readConfig(["--probe"], {})).toMatchObject({ probe: true });
  expect(readConfig([], { INGRESS_DOCTOR_PROBE: "true" })).toMatchObject({ probe: true });
  expect(() => readConfig([], { INGRESS_DOCTOR_PROBE: "yes" })).toThrow(ConfigError);
  expect(readConfig(["--google", "off"], {})).toMatchObject({ google: undefined });
  const emulated = "--google-project example.com:lab-project --google-endpoint http://127.0.0.1:8085";
  expect(readConfig(emulated.split(" "), {})).toMatchObject({
    google: {
      project: "example.com:lab-project",
      endpoint: { protocol: "http", apiEndpoint: "127.0.0.1", port: 8085 },
    },
  });
  expect(readConfig(["--no-leader-elect"], {})).toMatchObject({ lease: undefined });
  const times = "--lease-duration 1m --lease-renew-deadline 4s --lease-retry-period 500ms";
  expect(readConfig(times.split(" "), {})).toMatchObject({
    lease: {
      timings: { durationMs: 60_000, renewDeadlineMs: 4_000, retryMs: 500, requestTimeoutMs: 1_200 },
    },
  });
  expect(readConfig(["--listen", ":8080"], {})).toMatchObject({ listen: { host: "0.0.0.0", port: 8080 } });
  expect(readConfig(["--page", ":8081"], {})).toMatchObject({
    page: { host: "0.0.0.0", port: 8081, access: "token" },
  });
  expect(readConfig("--page 127.0.0.1:8081 --page-access local".split(" "), {})).toMatchObject({
    page: { host: "127.0.0.1", port: 8081, access: "local" },
  });
  expect(readConfig(["--help"], {})).toBe("help");
  expect(readConfig(["--version"], {})).toBe("version");
});

test("the environment speaks where no flag does", () => {
  const env = {
    INGRESS_DOCTOR_NAMESPACE: "a, b",
    INGRESS_DOCTOR_LEADER_ELECT: "false",
    INGRESS_DOCTOR_LOG_LEVEL: "warn",
    INGRESS_DOCTOR_LISTEN: "",
  };
  expect(readConfig([], env)).toMatchObject({
    namespaces: ["a", "b"],
    lease: undefined,
    logLevel: "warn",
    listen: { port: 8080 },
  });
  expect(readConfig(["--log-level", "error", "--leader-elect"], env)).toMatchObject({
    logLevel: "error",
    lease: { name: "ingress-doctor" },
  });
});

test.each([
  ["ingress-doctor-0", [], { index: 0, count: 3 }],
  ["ingress-doctor-5", [], { index: 2, count: 3 }],
  ["ingress-doctor-4.ingress-doctor.svc.cluster.local", [], { index: 1, count: 3 }],
  ["laptop", ["--shard", "1"], { index: 1, count: 3 }],
] as const)("on host %s with %j it is shard %j of 3", (host, args, shard) => {
  const name = `ingress-doctor-${shard.index}-of-3`;
  expect(readConfig(["--shards", "3", ...args], {}, host)).toMatchObject({ shard, lease: { name } });
});

test("without shards the host name does not matter", () => {
  expect(readConfig([], {}, "ingress-doctor-5")).toMatchObject({
    shard: { index: 0, count: 1 },
    lease: { name: "ingress-doctor" },
  });
});

test.each([
  [["--nope"], {}, "Unknown option '--nope'; see --help"],
  [["serve"], {}, "Unexpected argument 'serve'; see --help"],
  [["--listen"], {}, "Option '--listen <value>' argument missing; see --help"],
  [["--listen", "8080"], {}, '--listen is "8080"; it must be HOST:PORT, for example 0.0.0.0:8080'],
  [["--listen", "h:99999"], {}, '--listen is "h:99999"; it must be HOST:PORT, for example 0.0.0.0:8080'],
  [["--page", "8081"], {}, '--page is "8081"; it must be HOST:PORT, for example 0.0.0.0:8080'],
  [["--page-access", "all"], {}, '--page-access is "all"; it must be token or local'],
  [
    ["--page", ":8081", "--page-access", "local"],
    {},
    '--page-access is local and --page is ":8081", where everybody could read all diagnoses; use 127.0.0.1, which kubectl port-forward reaches, or --page-access=token',
  ],
  [["--namespace", "No/pe"], {}, '--namespace is "No/pe", which is not a Kubernetes name'],
  [["--lease-name", "Nope"], {}, '--lease-name is "Nope", which is not a Kubernetes name'],
  [["--log-level", "loud"], {}, '--log-level is "loud"; it must be one of debug, info, warn, error'],
  [["--google", "on"], {}, '--google is "on"; it must be auto or off'],
  [["--google-project", "a b"], {}, '--google-project is "a b", which is no project id'],
  [
    ["--google-endpoint", "http://compute.example.com"],
    {},
    '--google-endpoint is "http://compute.example.com"; it must be https://HOST, or http://127.0.0.1:PORT for an emulator',
  ],
  [["--shards", "0"], {}, '--shards is "0"; it must be a number from 1 to 100'],
  [["--shards", "3.5"], {}, '--shards is "3.5"; it must be a number from 1 to 100'],
  [["--shards", "3", "--shard", "3"], {}, '--shard is "3"; with --shards 3 it must be from 0 to 2'],
  [["--shards", "3", "--shard", "x"], {}, '--shard is "x"; with --shards 3 it must be from 0 to 2'],
  [["--shard", "1"], {}, '--shard is "1"; with --shards 1 it must be from 0 to 0'],
  [
    ["--shards", "3"],
    {},
    '--shards is 3, but the host name "laptop" ends in no ordinal such as -0; run a StatefulSet or give --shard',
  ],
  [
    ["--shards", "3", "--shard", "0", "--no-leader-elect"],
    {},
    "--shards is 3, which needs leader election; remove --no-leader-elect or --shards",
  ],
  [["--lease-duration", "15"], {}, '--lease-duration is "15"; it must be a time such as 500ms, 15s or 1m'],
  [
    ["--lease-duration", "15500ms"],
    {},
    "--lease-duration is 15500ms; it must be whole seconds, as a Lease holds",
  ],
  [
    ["--lease-duration", "10s"],
    {},
    "--lease-renew-deadline is 10s; it must be shorter than --lease-duration, 10s",
  ],
  [
    ["--lease-retry-period", "6s"],
    {},
    "--lease-retry-period is 6s; it must be half of --lease-renew-deadline, 10s, or less",
  ],
  [[], { INGRESS_DOCTOR_LEADER_ELECT: "1" }, 'INGRESS_DOCTOR_LEADER_ELECT is "1"; it must be true or false'],
] as const)("%j %j is refused in one line", (args, env, message) => {
  expect(() => readConfig(args, env, "laptop")).toThrow(new ConfigError(message));
});

test("the help names every flag and its default", () => {
  expect(usage()).toContain("--lease-namespace NAME       namespace of the Lease (default ingress-doctor)");
  expect(usage()).toContain("INGRESS_DOCTOR_LOG_LEVEL=debug");
});
