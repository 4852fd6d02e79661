import { createRequire } from "node:module";
import { GoogleCloud } from "../../src/gcp/google-cloud.ts";
import { known } from "../../src/model/observed.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { ingress } from "../support/builders.ts";

/** Runs the adapter where there are no credentials and prints what it says and what it loaded. */
const ignore = (): void => undefined;
const asked = ingress();
const google = new GoogleCloud({
  project: "lab-project",
  region: undefined,
  endpoint: undefined,
  nodes: { all: () => known([]) },
  ingresses: { get: () => known(asked) },
  clock: systemClock,
  metrics: { requestFinished: ignore, requestDelayed: ignore, watchEnded: ignore, listed: ignore },
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  random: () => 0.5,
});
google.start();
await google.idle();
google.stop();
const observed = google.reader.observe(asked, []);
const loaded = Object.keys(createRequire(import.meta.url).cache);
console.log(
  JSON.stringify({
    reason: observed.known ? "known" : observed.reason,
    computeModules: loaded.filter((file) => file.includes("@google-cloud/compute")).length,
  }),
);
