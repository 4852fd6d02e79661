/** Opens the Ingress that a link names, and for printing every shown one that needs attention. */
export function startOpening(): void {
  openLinked();
  addEventListener("hashchange", openLinked);
  addEventListener("beforeprint", openForPrint);
  addEventListener("afterprint", closeAfterPrint);
}

/** Opens the details of an Ingress and brings them into view. */
export function openIngress(id: string): void {
  const details = document.getElementById(id);
  if (!(details instanceof HTMLDetailsElement)) return;
  details.closest(".entry")?.removeAttribute("hidden");
  details.open = true;
  details.scrollIntoView({ block: "start" });
}

function openLinked(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id !== "") openIngress(id);
}

const openedForPrint: HTMLDetailsElement[] = [];

function openForPrint(): void {
  const faulty =
    ".entry:not([hidden]):is([data-verdict=Broken],[data-verdict=Degraded]) > details:not([open])";
  for (const details of document.querySelectorAll<HTMLDetailsElement>(faulty)) {
    details.open = true;
    openedForPrint.push(details);
  }
}

function closeAfterPrint(): void {
  for (const details of openedForPrint.splice(0)) details.open = false;
}
