import { parseArgs } from "node:util";
import { type Evaluation, evaluate } from "./evaluate.ts";
import { RecordedCloud } from "./recorded-cloud.ts";
import { type Recording, readRecordings } from "./recording.ts";

const USAGE = "Usage: npm run -s recordings -- DIR [--json] [--without-gcp]";

/** Evaluates a folder of recordings and prints how the engine did; exits 1 when something is wrong. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, "without-gcp": { type: "boolean" }, help: { type: "boolean" } },
  });
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0 || values.help) {
    console.error(USAGE);
    return 2;
  }
  const evaluations = await evaluateAll(readRecordings(folder), !values["without-gcp"]);
  const totals = totalsOf(evaluations);
  if (values.json) console.log(JSON.stringify({ recordings: evaluations, totals }, null, 2));
  else printText(evaluations, totals);
  const allRight = evaluations.every((one) => one.causeRight && one.symptomRight);
  return allRight && totals.falseFindings === 0 ? 0 : 1;
}

async function evaluateAll(
  recordings: readonly Recording[],
  withGcp: boolean,
): Promise<readonly Evaluation[]> {
  const evaluations: Evaluation[] = [];
  const cloud = withGcp ? new RecordedCloud() : undefined;
  await cloud?.start();
  // One after the other: they share one emulator, which holds one recording at a time.
  for (const recording of recordings) evaluations.push(await evaluate(recording, cloud));
  await cloud?.stop();
  return evaluations;
}

function totalsOf(evaluations: readonly Evaluation[]) {
  const healthy = evaluations.filter((one) => one.rootCause === "healthy");
  return {
    recordings: evaluations.length,
    broken: evaluations.length - healthy.length,
    causeRight: evaluations.filter((one) => one.causeRight).length,
    symptomRight: evaluations.filter((one) => one.symptomRight).length,
    healthy: healthy.length,
    falseFindings: healthy.reduce((sum, one) => sum + one.findings.length, 0),
  };
}

function printText(evaluations: readonly Evaluation[], totals: ReturnType<typeof totalsOf>): void {
  for (const one of evaluations) {
    const mark = one.causeRight && one.symptomRight ? "right" : "WRONG";
    console.log(`${mark}  ${one.name}: truth ${one.rootCause} (${one.expectedSymptom})`);
    console.log(`       ${one.verdict}, ${one.symptom}, cause ${one.cause ?? "none"}: ${one.summary}`);
    if (one.findings.length > 0) console.log(`       findings ${one.findings.join(" ")}`);
  }
  const { recordings, broken, causeRight, symptomRight, healthy, falseFindings } = totals;
  console.log(
    `${recordings} recordings, ${broken} broken, ${healthy} healthy: cause right in ${causeRight}, ` +
      `symptom right in ${symptomRight}, ${falseFindings} false findings on healthy ones.`,
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
