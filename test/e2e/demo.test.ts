import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { waitFor } from "../controlplane/eventually.ts";
import { EXPECTATIONS } from "../demo/expectations.ts";

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

let demo: DemoProcess | undefined;
afterEach(async () => {
  demo?.interrupt();
  await demo?.exitCode();
});

describe("the demo", () => {
  test("diagnoses every mistake, and a suggested fix turns a verdict", async () => {
    demo = new DemoProcess();
    expect(await demo.exitCode(), demo.output).toBe(0);
    const { output } = demo;
    const [, before = "", after = ""] = output.split(TABLE);
    for (const { ingress, verdict, symptom } of EXPECTATIONS) {
      expect(before).toMatch(new RegExp(`^demo +${ingress} +${verdict} +${symptom} `, "m"));
    }
    expect(before).toMatch(/^ +Warning +HealthCheckFailing +\d+s +ingress-doctor +.*\/healthz/m);
    expect(before).toMatch(/^\$ kubectl patch ingress reviews -n demo /m);
    expect(after).toMatch(/^demo +reviews +Healthy +none +<none> +1\/1 +203\.0\.113\.\d+ /m);
    expect(output).toContain(`All ${EXPECTATIONS.length} examples were diagnosed as expected`);
  });

  test("stays up with --keep, and Ctrl-C leaves nothing behind", async () => {
    demo = new DemoProcess("--keep");
    const { output } = await waitFor(() => demo?.output.includes("until Ctrl-C") && demo, {
      what: "the end of the demo",
      timeoutMs: 50_000,
    });
    const kubeconfig = /export KUBECONFIG=(\S+)/.exec(output)?.[1] ?? "";
    expect(existsSync(kubeconfig)).toBe(true);
    demo.interrupt();
    expect(await demo.exitCode(), demo.output).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
  });
});
