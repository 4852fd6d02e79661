import { type Html, html } from "./html.ts";

/** A box for a URL that is followed through the Ingresses that name its host best. */
export function urlBox(): Html {
  return box({ id: "any-url", label: "Follow a URL", example: "https://shop.example.com/cart" });
}

/** The box that the page's script puts into each Ingress when it is opened: hundreds at once make a page slow. */
export function urlBoxTemplate(): Html {
  return html`<template id="url-box">${box({ id: "url", label: "Follow a URL through this Ingress", example: "" })}</template>`;
}

function box({
  id,
  label,
  example,
}: {
  readonly id: string;
  readonly label: string;
  readonly example: string;
}) {
  return html`<form class="url-box"><label for="${id}">${label}</label><div class="row"><input id="${id}" type="text" inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="${example}"><button type="submit">Explain</button></div><div class="url-answer" role="status"></div></form>`;
}
