import { describe, expect, it } from "vitest";
import { html, jsonIsland, preformatted } from "../../src/report/html.ts";

describe("html", () => {
  it("escapes text in elements and in attributes", () => {
    const hostile = `<script>alert("x")</script>&'`;
    expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;</p>',
    );
  });

  it("shows control and direction-changing characters instead of obeying them", () => {
    expect(html`${"a\u001b[31m\u202eb\u2028\ud800"}`.markup).toBe("a\\u{1b}[31m\\u{202e}b\\u{2028}\\u{d800}");
  });

  it("takes markup as it is, and undefined as nothing", () => {
    expect(html`<ul>${[html`<li>1</li>`, html`<li>2</li>`]}${undefined}${3}</ul>`.markup).toBe(
      "<ul><li>1</li><li>2</li>3</ul>",
    );
  });

  it("keeps the line breaks of preformatted text, and nothing else of it", () => {
    expect(preformatted("a: <b>\n  c: \t1").markup).toBe("a: &lt;b&gt;\n  c: \\u{9}1");
  });
});

describe("a JSON island", () => {
  const value = {
    a: "</script><!--",
    b: "\u2028\u2029\u202e\u{1f600}é",
    c: [1],
  };

  it("cannot end its element and is plain ASCII", () => {
    const { markup } = jsonIsland(value);
    expect(markup).toMatch(/^[ -~]*$/);
    expect(markup).not.toMatch(/[<>&]/);
  });

  it("says what it was made from", () => {
    expect(JSON.parse(jsonIsland(value).markup)).toEqual(JSON.parse(JSON.stringify(value)));
  });
});
