import { join } from "node:path";
import { startControlPlane } from "./control-plane.ts";

const USAGE = "usage: node test/controlplane/cli.ts start";

/** Keeps one control plane up until Ctrl-C, for developers. */
async function start(): Promise<void> {
  const controlPlane = await startControlPlane({ report: (line) => console.log(line) });
  const kubeconfig = join(controlPlane.directory, "admin.kubeconfig");
  console.log(`API server: ${controlPlane.url}`);
  console.log(`Logs:       ${controlPlane.directory}`);
  console.log(`Connect:    export KUBECONFIG=${kubeconfig}`);
  if (controlPlane.binaries.kubectl !== undefined)
    console.log(`kubectl:    ${controlPlane.binaries.kubectl}`);
  console.log("Ctrl-C stops it.");
  const timer = setInterval(() => {}, 60_000);
  const stop = () => {
    clearInterval(timer);
    void controlPlane.stop();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

if (process.argv[2] === "start") {
  await start();
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
