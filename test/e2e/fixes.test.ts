import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/diagnostics/finding.ts";
import type { RuleResult } from "../../src/diagnostics/report.ts";
import type { Rule } from "../../src/diagnostics/rule.ts";
import type { BrokenCase, RuleCases } from "../support/rule-cases.ts";
import { judge } from "../support/rule-harness.ts";
import { CaseCluster } from "./fixes/case-cluster.ts";
import { EXCEPTIONS, type Exception } from "./fixes/exceptions.ts";

const CASES_FOLDER = join(import.meta.dirname, "../diagnostics/rules");

/** The two forms in which a fix may offer the exact change. */
const FORMS = ["command", "patch"] as const;
type Form = (typeof FORMS)[number];

/** One case of one rule whose findings offer an exact change in one form. */
interface Offer {
  readonly rule: Rule;
  readonly broken: BrokenCase;
  readonly form: Form;
  readonly exception: Exception | undefined;
}

const files = readdirSync(CASES_FOLDER, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".cases.ts"),
);
const allCases: readonly RuleCases[] = await Promise.all(
  files.sort().map(async (file) => (await import(join(CASES_FOLDER, file))).default),
);
const offers = [...allCases]
  .sort((a, b) => (a.rule.code < b.rule.code ? -1 : 1))
  .flatMap(({ rule, broken }) => broken.flatMap((one) => FORMS.flatMap((form) => offersOf(rule, one, form))));

function offersOf(rule: Rule, broken: BrokenCase, form: Form): Offer[] {
  const { findings } = judge(rule, broken.given);
  if (!findings.some(({ fix }) => fix[form] !== undefined)) return [];
  const exception = EXCEPTIONS.find(
    (one) => one.code === rule.code && (one.case === undefined || one.case === broken.name),
  );
  return [{ rule, broken, form, exception }];
}

const byObstacle = (obstacle: Exception["obstacle"] | undefined) =>
  offers
    .filter(({ exception }) => exception?.obstacle === obstacle)
    .map((offer) => [title(offer), offer] as const);

function title({ rule, broken, form }: Offer): string {
  return `${rule.code} ${rule.slug}, ${form}: ${broken.name}`;
}

let cluster: CaseCluster;
beforeAll(async () => {
  cluster = await CaseCluster.start();
});
afterAll(() => cluster?.stop());

describe("a suggested change makes its finding go", () => {
  test.each(byObstacle(undefined))("%s", async (_title, offer) => {
    let before = await present(offer);
    for (let next = offered(before, offer); next !== undefined; next = offered(before, offer)) {
      const after = await change(offer, next);
      expectGone(next, before, after);
      before = after;
    }
  });

  test.each(byObstacle("rollout"))("%s, once the new pods run", async (_title, offer) => {
    await expectGoneLater(offer, () => cluster.rollOut());
  });

  test.each(byObstacle("sync"))("%s, once GKE has synced", async (_title, offer) => {
    await expectGoneLater(offer, () => cluster.syncIngress());
  });
});

describe("what cannot be shown", () => {
  test.each(byObstacle("gcloud"))("%s: is a command of gcloud", (_title, { rule, broken, form }) => {
    const commands = judge(rule, broken.given).findings.map(({ fix }) => fix[form] ?? "gcloud ");
    for (const command of commands) expect(command).toMatch(/^gcloud /);
  });

  test.each(byObstacle("refused"))("%s: the API server refuses the objects", async (_title, { broken }) => {
    await expect(cluster.hold(broken.given)).rejects.toThrow(/is invalid/);
  });

  test.each(byObstacle("others-act"))("%s: the finding waits for somebody else", async (_title, offer) => {
    const before = await present(offer);
    const next = required(offered(before, offer));
    expect(identities(await change(offer, next))).toContain(identity(next));
  });

  test.each(EXCEPTIONS)("$code $case: the exception is used", (exception) => {
    expect(offers.map((offer) => offer.exception)).toContain(exception);
  });
});

/** Applies the case to the cluster; what the rule finds there must be what it finds in the case. */
async function present({ rule, broken }: Offer): Promise<RuleResult> {
  await cluster.hold(broken.given);
  const result = judge(rule, await cluster.read());
  expect(identities(result)).toEqual(identities(judge(rule, broken.given)));
  return result;
}

/** The next finding that offers a change in this form. */
function offered({ findings }: RuleResult, { form }: Offer): Finding | undefined {
  return findings.find(({ fix }) => fix[form] !== undefined);
}

async function change({ rule, form }: Offer, finding: Finding): Promise<RuleResult> {
  const { command, patch } = finding.fix;
  if (form === "patch" || isObject(patch)) await cluster.patch(finding, required(patch));
  if (form === "command" || isObject(patch)) await cluster.run(required(command));
  return judge(rule, await cluster.read());
}

/** A whole object is no other form of the command: it comes first, and the command puts it to use. */
function isObject(patch: string | undefined): boolean {
  return patch?.startsWith("apiVersion:") === true;
}

function expectGone(finding: Finding, before: RuleResult, after: RuleResult): void {
  expect(identities(after)).not.toContain(identity(finding));
  // A finding that only changed its words, or that nobody can judge any more, is not gone.
  expect(after.findings.length).toBeLessThan(before.findings.length);
  expect(before.undecided).toEqual(expect.arrayContaining([...after.undecided]));
}

/** The change alone is not enough, and the change followed by `event` is. */
async function expectGoneLater(offer: Offer, event: () => Promise<void>): Promise<void> {
  const before = await present(offer);
  const finding = required(offered(before, offer));
  const changed = await change(offer, finding);
  expect(changed.findings.length).toBe(before.findings.length);
  await event();
  expectGone(finding, before, judge(offer.rule, await cluster.read()));
}

function identities({ findings }: RuleResult): string[] {
  return findings.map(identity).sort();
}

function identity({ subject, message }: Finding): string {
  const { kind, namespace, name, fieldPath = "" } = subject;
  return `${kind} ${namespace}/${name} ${fieldPath}: ${message}`;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("no change is offered");
  return value;
}
