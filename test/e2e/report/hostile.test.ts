import { afterAll, beforeAll, expect, test } from "vitest";
import { renderHtml } from "../../../src/cli/render/html.ts";
import { reportOnManifests } from "../../cli/inventories.ts";
import { ReportBrowser, unfold } from "./browser.ts";

/** Texts that would do harm in a page that puts them in unescaped, or obeys them. */
const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(2)>`,
  `'><svg onload=alert(3)>`,
  `</script><script>alert(4)</script>`,
  `<!--<script>`,
  `javascript:alert(5)`,
  `{{constructor.constructor('alert(6)')()}}`,
  `</style><style>*{display:none}</style>`,
  `</title><h1 id=evil>evil</h1>`,
  `<base href="http://evil.invalid/">`,
  `<iframe src="http://evil.invalid/">`,
  `a\u202eb\u2066c\u200d`,
  `\u001b[31mred\u001b]0;title\u0007`,
  `line\u2028sep\u2029arator`,
  `__proto__`,
  `constructor`,
  `hasOwnProperty`,
  `&lt;b&gt;&#x3c;`,
  `${"long".repeat(400)}`,
  `\u{1f600}\ud83d`,
  `\${alert(7)}`,
  "`alert(8)`",
];

/** One Ingress whose every text of its owner's is the hostile one, with Services to go with it. */
function manifest(text: string, index: number): string {
  const objects = [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        name: index % 2 === 0 ? text : `web-${index}`,
        annotations: {
          "kubernetes.io/ingress.class": "gce",
          "ingressdoctor.dev/ignore": `GID999: ${text}`,
          "networking.gke.io/v1beta1.FrontendConfig": text,
          [text]: text,
        },
      },
      spec: {
        defaultBackend: { service: { name: text, port: { name: text } } },
        rules: [
          { host: text, http: { paths: [route(text, text), route(`/${text}`, `app-${index}`)] } },
          { http: { paths: [route("/*", `app-${index}`, "ImplementationSpecific")] } },
        ],
        tls: [{ hosts: [text], secretName: text }],
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `app-${index}`, annotations: { "cloud.google.com/backend-config": text } },
      spec: {
        type: "NodePort",
        selector: { app: text },
        ports: [{ name: text, port: 80, targetPort: text }],
      },
    },
  ];
  return objects.map((object) => JSON.stringify(object)).join("\n---\n");
}

function route(path: string, name: string, pathType = "Prefix") {
  return { path, pathType, backend: { service: { name, port: { number: 80 } } } };
}

/** Characters that a reader does not see, or that change how others are seen; tabs and line breaks may be there. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

let browser: ReportBrowser;
beforeAll(async () => {
  browser = await ReportBrowser.start();
});
afterAll(() => browser?.stop());

test("hostile texts are shown, and neither run, nor loaded, nor obeyed", async () => {
  const html = renderHtml(reportOnManifests(HOSTILE.map(manifest).join("\n---\n")));
  const { page, trouble } = await browser.open(html, { viewport: { width: 360, height: 900 } });
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll("details.ingress")].map(({ id }) => id),
  );
  expect(ids).toHaveLength(HOSTILE.length);
  await unfold(page, ids);
  for (const text of HOSTILE) {
    await page.fill("#any-url", `http://${text}/`);
    await page.press("#any-url", "Enter");
  }
  await page.evaluate(() => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form.url-box")) {
      const box = form.querySelector("input");
      if (box !== null) box.value = box.placeholder;
      form.requestSubmit();
    }
  });
  expect(trouble).toEqual([]);

  const found = await page.evaluate(() => ({
    scripts: document.scripts.length,
    foreign: document.querySelectorAll("img, iframe, base, #evil, object, embed, svg[onload]").length,
    handlers: [...document.querySelectorAll("*")].filter(({ attributes }) =>
      [...attributes].some(({ name, value }) => name.startsWith("on") || /^\s*javascript:/i.test(value)),
    ).length,
    text: document.querySelector("main")?.textContent ?? "",
    titles: [...document.querySelectorAll("h3")].map(({ textContent }) => textContent),
    unfolded: document.documentElement.scrollWidth - window.innerWidth,
    polluted: "polluted" in {} || Object.keys(Object.prototype).length,
  }));
  expect(found).toMatchObject({ scripts: 2, foreign: 0, handlers: 0, unfolded: 0, polluted: 0 });
  // Literally there.
  expect(found.titles).toContain("shop/<script>alert(1)</script>");
  expect(found.text).toContain(`</script><script>alert(4)</script>`);
  expect(found.text).toContain("__proto__");
  // There in a harmless spelling.
  expect(found.text).toContain("\\u{202e}");
  expect(found.text).toContain("\\u{1b}[31mred");
  expect(found.text).not.toMatch(INVISIBLE);
  await page.context().close();
});

test("the source of the page holds no invisible and no direction-changing character", () => {
  const html = renderHtml(reportOnManifests(HOSTILE.map(manifest).join("\n---\n")));
  expect(html).not.toMatch(INVISIBLE);
});
