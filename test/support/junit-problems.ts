interface ElementRule {
  readonly attributes: readonly string[];
  readonly required: readonly string[];
  readonly inside: readonly string[];
}

const COUNTS = ["tests", "failures", "errors", "skipped"] as const;

/** The elements of JUnit's XML as continuous integration systems read them: what each may carry and stand in. */
const ELEMENTS: Readonly<Record<string, ElementRule>> = {
  testsuites: { attributes: ["name", "time", ...COUNTS], required: [], inside: [""] },
  testsuite: {
    attributes: ["name", "time", "timestamp", "hostname", "package", "id", ...COUNTS],
    required: ["name", "tests"],
    inside: ["testsuites"],
  },
  testcase: { attributes: ["classname", "name", "time"], required: ["name"], inside: ["testsuite"] },
  failure: { attributes: ["message", "type"], required: [], inside: ["testcase"] },
  error: { attributes: ["message", "type"], required: [], inside: ["testcase"] },
  skipped: { attributes: ["message"], required: [], inside: ["testcase"] },
  "system-out": { attributes: [], required: [], inside: ["testcase", "testsuite"] },
};

const TOKEN = /<(\/?)([a-z-]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i;

/** Every way in which a text is not well-formed XML of JUnit's kind, or counts wrongly. */
export function junitProblems(xml: string): readonly string[] {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!xml.startsWith(declaration)) return ["no XML declaration"];
  const reader = new JunitReader();
  let end = declaration.length;
  TOKEN.lastIndex = end;
  for (let token = TOKEN.exec(xml); token !== null; token = TOKEN.exec(xml)) {
    end = TOKEN.lastIndex;
    reader.read(token);
  }
  return [...reader.problems, ...(end === xml.length ? [] : [`no XML at ${xml.slice(end, end + 40)}`])];
}

class JunitReader {
  readonly problems: string[] = [];
  readonly #open: string[] = [];
  /** Wanted and found counts of every suite that is open. */
  readonly #suites: Record<(typeof COUNTS)[number], number>[] = [];
  readonly #wanted: Record<string, string>[] = [];

  read([whole, close, name = "", attributes = "", alone, text]: RegExpExecArray): void {
    if (ENTITY.test(whole)) this.problems.push(`a bare & in ${whole}`);
    if (text !== undefined) return;
    if (close === "/") this.#close(name);
    else {
      this.#enter(name, Object.fromEntries(pairs(attributes)));
      if (alone === "/") this.#close(name);
    }
  }

  #enter(name: string, attributes: Record<string, string>): void {
    const rule = ELEMENTS[name];
    if (rule === undefined) this.problems.push(`no element is called ${name}`);
    else this.#check(name, rule, attributes);
    this.#open.push(name);
    this.#count(name);
    if (!name.startsWith("testsuite")) return;
    this.#suites.push({ tests: 0, failures: 0, errors: 0, skipped: 0 });
    this.#wanted.push(attributes);
  }

  #check(name: string, rule: ElementRule, attributes: Record<string, string>): void {
    const parent = this.#open.at(-1) ?? "";
    const unknown = Object.keys(attributes).filter((key) => !rule.attributes.includes(key));
    const missing = rule.required.filter((key) => !(key in attributes));
    if (!rule.inside.includes(parent)) this.problems.push(`${name} stands in ${parent}`);
    this.problems.push(...unknown.map((key) => `${name} has an attribute ${key}`));
    this.problems.push(...missing.map((key) => `${name} lacks ${key}`));
  }

  #count(name: string): void {
    const counter = (
      { testcase: "tests", failure: "failures", error: "errors", skipped: "skipped" } as const
    )[name];
    if (counter !== undefined) for (const suite of this.#suites) suite[counter] += 1;
  }

  #close(name: string): void {
    if (this.#open.pop() !== name) this.problems.push(`${name} closes what is not open`);
    if (!name.startsWith("testsuite")) return;
    const [found, wanted] = [this.#suites.pop(), this.#wanted.pop()];
    for (const key of COUNTS) {
      const claimed = wanted?.[key];
      if (claimed !== undefined && claimed !== String(found?.[key])) {
        this.problems.push(`${name} claims ${claimed} ${key} and has ${found?.[key]}`);
      }
    }
  }
}

function pairs(attributes: string): [string, string][] {
  return [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]);
}
