import { createHash } from "node:crypto";
import { html, trusted } from "../report/html.ts";

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:34rem;margin:10vh auto;padding:0 1rem}
label,input,button{display:block;font:inherit}input{width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0 1rem}button{padding:.5rem 1rem}
.problem{border-left:.25rem solid #c5221f;padding-left:.75rem}code{overflow-wrap:anywhere}`;

const digest = createHash("sha256").update(STYLE).digest("base64");

/** The Content Security Policy of the sign-in page: its own style, and a form that goes nowhere else. */
export const SIGN_IN_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${digest}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The page that asks for a token; `problem` says what was wrong with the one before. */
export function signInPage(problem?: string): string {
  const notice = problem === undefined ? undefined : html`<p class="problem" role="alert">${problem}</p>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in - Ingress Doctor</title><style>${trusted(STYLE)}</style></head><body><main><h1>Ingress Doctor</h1>${notice}<form method="post" action="/"><label for="token">Token for the Kubernetes API</label><input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required autofocus><button>Show the Ingresses I may read</button></form><p>On GKE <code>gcloud auth print-access-token</code> prints one; elsewhere <code>kubectl create token SERVICEACCOUNT</code>. It is used for this one page and kept nowhere.</p></main></body></html>
`.markup;
}
