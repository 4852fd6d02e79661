import { expect, test } from "vitest";
import { ConfigError, readConfig, usage } from "../src/config.ts";

test("without flags the defaults hold", () => {
  expect(readConfig([], {})).toEqual({
    kubeconfig: undefined,
    context: undefined,
    namespaces: undefined,
    lease: { namespace: "ingress-doctor", name: "ingress-doctor" },
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
    lease: { namespace: "ln", name: "l" },
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
  expect(readConfig(["--listen", ":8080"], {})).toMatchObject({ listen: { host: "0.0.0.0", port: 8080 } });
  expect(readConfig(["--help"], {})).toBe("help");
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
  [["--nope"], {}, "Unknown option '--nope'; see --help"],
  [["serve"], {}, "Unexpected argument 'serve'; see --help"],
  [["--listen"], {}, "Option '--listen <value>' argument missing; see --help"],
  [["--listen", "8080"], {}, '--listen is "8080"; it must be HOST:PORT, for example 0.0.0.0:8080'],
  [["--listen", "h:99999"], {}, '--listen is "h:99999"; it must be HOST:PORT, for example 0.0.0.0:8080'],
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
  [[], { INGRESS_DOCTOR_LEADER_ELECT: "1" }, 'INGRESS_DOCTOR_LEADER_ELECT is "1"; it must be true or false'],
] as const)("%j %j is refused in one line", (args, env, message) => {
  expect(() => readConfig(args, env)).toThrow(new ConfigError(message));
});

test("the help names every flag and its default", () => {
  expect(usage()).toContain("--lease-name NAME        name of the Lease (default ingress-doctor)");
  expect(usage()).toContain("INGRESS_DOCTOR_LOG_LEVEL=debug");
});
