import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { findFreePorts, ServerProcess } from "../controlplane/server-process.ts";
import { locateTool } from "../tools/tools.ts";

/** An alert as Prometheus reports it. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
  readonly activeAt: string;
}

/** One series of the answer to an instant query. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [seconds: number, value: string];
}

/** A real Prometheus that scrapes one target and evaluates rules, every second. */
export class PrometheusServer {
  readonly #process: ServerProcess;
  readonly #url: string;

  private constructor(process: ServerProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /** Starts it with its data below `directory`; `rules` is the text of a rule file. */
  static async start(directory: string, target: string, rules: string): Promise<PrometheusServer> {
    const home = join(directory, "prometheus-home");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "rules.yaml"), rules);
    const config = join(home, "prometheus.yaml");
    writeFileSync(
      config,
      stringify({
        global: { scrape_interval: "1s", evaluation_interval: "1s" },
        rule_files: ["rules.yaml"],
        scrape_configs: [{ job_name: "ingress-doctor", static_configs: [{ targets: [target] }] }],
      }),
    );
    const [port] = await findFreePorts(1);
    const flags = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(home, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const url = `http://127.0.0.1:${port}`;
    const process = new ServerProcess(locateTool("prometheus"), flags, directory);
    await process.waitUntil(
      async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true,
      30_000,
    );
    return new PrometheusServer(process, url);
  }

  /** Alerts that are pending or firing now. */
  async alerts(): Promise<readonly ActiveAlert[]> {
    return (await this.#ask<{ alerts: readonly ActiveAlert[] }>("/api/v1/alerts")).alerts;
  }

  /** The answer to an instant query; throws on one that Prometheus refuses. */
  async query(expr: string): Promise<readonly Sample[]> {
    const parameters = new URLSearchParams({ query: expr });
    return (await this.#ask<{ result: readonly Sample[] }>(`/api/v1/query?${parameters}`)).result;
  }

  async stop(): Promise<void> {
    await this.#process.kill("SIGTERM");
  }

  async #ask<T>(path: string): Promise<T> {
    const answer = (await (await fetch(`${this.#url}${path}`)).json()) as { data: T; error?: string };
    if (answer.error !== undefined) throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
}
