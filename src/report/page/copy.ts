/** How long a button says what it did, in milliseconds. */
const SAID = 2500;

/** Makes the buttons copy the command or patch next to them. */
export function startCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.copy") : null;
    if (button instanceof HTMLButtonElement) void copyFor(button);
  });
}

async function copyFor(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? "");
  const label = button.firstChild;
  if (source === null || label === null) return;
  const isCopied = (await copyByClipboard(source.textContent ?? "")) || copyBySelection(source);
  // The text stays selected where neither way is open, so that one key press copies it.
  const word = isCopied ? "Copied" : "Press Ctrl+C";
  label.textContent = word;
  announce(isCopied ? "Copied." : "The text is selected; press Control and C to copy it.");
  setTimeout(() => {
    label.textContent = "Copy";
  }, SAID);
}

/** Fails where the page is no secure context, or where the browser asks and the reader refuses. */
async function copyByClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function copyBySelection(source: HTMLElement): boolean {
  const selection = getSelection();
  selection?.selectAllChildren(source);
  // Deprecated without a successor: the only way where there is no clipboard API.
  const isCopied = document.execCommand("copy");
  if (isCopied) selection?.removeAllRanges();
  return isCopied;
}

function announce(text: string): void {
  const announcer = document.getElementById("announcer");
  if (announcer !== null) announcer.textContent = text;
}
