import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { type Config, readConfig, usage } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { ControllerProcess, StartError } from "./controller-process.ts";
import { KubeconfigError } from "./kubernetes/kubeconfig.ts";
import type { Logger } from "./reconciler/ports.ts";
import { systemClock } from "./telemetry/clock.ts";
import { createLogger } from "./telemetry/logger.ts";
import { VERSION } from "./version.ts";

/** A stop that takes longer is no stop: the kubelet kills after its grace period anyway. */
const STOP_DEADLINE_MS = 9_000;

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

function configOrExit(): Config {
  try {
    const config = readConfig(process.argv.slice(2));
    if (config !== "help" && config !== "version") return config;
    process.stdout.write(config === "help" ? usage() : `${VERSION}\n`);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    exitWith(EXIT_USAGE, error.message);
  }
}

function exitWith(code: number, message: string): never {
  process.stderr.write(`ingress-doctor: ${message}\n`);
  process.exit(code);
}

/** Node prints warnings of libraries as bare text among the JSON lines; here each kind is one line, once. */
function logWarnings(logger: Logger): void {
  const seen = new Set<string>();
  process.removeAllListeners("warning").on("warning", ({ name }) => {
    if (seen.has(name)) return;
    seen.add(name);
    logger.warn("a library warned", { name });
  });
}

async function main(): Promise<void> {
  const config = configOrExit();
  const logger = createLogger({
    level: config.logLevel,
    write: (line) => process.stdout.write(line),
    monotonic: systemClock.monotonic,
  });
  process.on("unhandledRejection", (reason) => {
    const error = reason instanceof Error ? reason.name : typeof reason;
    logger.error("a promise was rejected and nobody looked", { error });
  });
  logWarnings(logger);
  const controller = new ControllerProcess(config, {
    logger,
    clock: systemClock,
    identity: `${hostname()}_${randomBytes(4).toString("hex")}`,
    // Another process may be the leader by now: not one more write.
    onLeadershipLost: () => process.exit(EXIT_FAILURE),
  });
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) process.exit(EXIT_FAILURE);
    isStopping = true;
    logger.info("stopping", { signal });
    setTimeout(() => process.exit(EXIT_FAILURE), STOP_DEADLINE_MS);
    void controller.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  await controller.start();
}

try {
  await main();
} catch (error) {
  const isExpected = error instanceof KubeconfigError || error instanceof StartError;
  if (!isExpected) throw error;
  exitWith(EXIT_FAILURE, error.message);
}
