import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { eventually, waitFor } from "../controlplane/eventually.ts";
import { EXPECTATIONS, type StoredDiagnosis } from "../demo/expectations.ts";

const DEMO = join(import.meta.dirname, "../demo/demo.ts");
const TABLE = "$ kubectl get ingressdiagnosis -A\n";

/** The demo as its own process. */
class DemoProcess {
  output = "";
  readonly #child;
  readonly #closed: Promise<number | null>;

  constructor(...flags: string[]) {
    this.#child = spawn(process.execPath, [DEMO, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.#closed = new Promise((resolve) => this.#child.once("close", resolve));
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  exitCode(): Promise<number | null> {
    return this.#closed;
  }
}

const execute = promisify(execFile);

let demo: DemoProcess | undefined;
afterEach(async () => {
  demo?.interrupt();
  await demo?.exitCode();
});

describe("the demo", () => {
  test("shows a 502, its cause by what the pods answer, the fix, and a 200", async () => {
    demo = new DemoProcess();
    expect(await demo.exitCode(), demo.output).toBe(0);
    const { output } = demo;
    const [asked = "", before = "", after = ""] = output.split(TABLE);
    expect(asked).toMatch(/^\$ curl .*checkout\.example\.com.*\nHTTP\/1\.1 502 /m);
    for (const { ingress, verdict, symptom } of EXPECTATIONS) {
      expect(before).toMatch(new RegExp(`^demo +${ingress} +${verdict} +${symptom} `, "m"));
    }
    expect(before).toMatch(/^ +Warning +ProbeAnswers +\d+s +ingress-doctor +.*\/healthz.* answers 404/m);
    expect(before).toMatch(/^\$ kubectl patch backendconfig checkout -n demo /m);
    expect(before).toMatch(/^\$ curl .*checkout\.example\.com.*\nHTTP\/1\.1 200 /m);
    expect(after).toMatch(/^demo +checkout +(Progressing|Healthy) +none +<none> +1\/1 /m);
    expect(output).toContain(`All ${EXPECTATIONS.length} examples were diagnosed as expected`);
  });

  test("stays up with --keep, so that every fix can be tried, and Ctrl-C leaves nothing behind", async () => {
    demo = new DemoProcess("--keep");
    const { output } = await waitFor(() => demo?.output.includes("until Ctrl-C") && demo, {
      what: "the end of the demo",
      timeoutMs: 50_000,
    });
    const kubeconfig = /export KUBECONFIG=(\S+)/.exec(output)?.[1] ?? "";
    const kubectl = /alias kubectl=(\S+)/.exec(output)?.[1] ?? "";
    const shell = async (command: string) => {
      const env = { KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig), PATH: dirname(kubectl) };
      return (await execute("/bin/sh", ["-c", command], { env })).stdout;
    };
    const diagnoses = async () => {
      const list = JSON.parse(await shell("kubectl get ingressdiagnosis -n demo -o json"));
      return (list as { items: StoredDiagnosis[] }).items;
    };

    const commands = (await diagnoses()).flatMap(causeCommand);
    expect(commands).toHaveLength(EXPECTATIONS.filter(({ cause }) => cause !== undefined).length - 1);
    for (const command of commands) await shell(command);
    await eventually(async () => {
      for (const { metadata, status } of await diagnoses()) {
        // A change takes its time to reach Google's front ends, and nobody here says when it has.
        expect(["Healthy", "Progressing"], metadata.name).toContain(status?.verdict);
      }
    });

    demo.interrupt();
    expect(await demo.exitCode(), demo.output).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
  });
});

/** The command that the most likely cause comes with; none for a healthy Ingress. */
function causeCommand({ status }: StoredDiagnosis): string[] {
  if (status?.cause === undefined) return [];
  const command = status.findings.find(({ code }) => code === status.cause?.code)?.fix.command;
  return command === undefined ? [] : [command];
}
