// `?`: the keys of this view.

import { keysAreOn, switchKeys } from "./keys";

const EVERYWHERE: [string, string][] = [
  ["j / k", "next, previous"],
  ["g then n i s r a", "go to namespaces, inbox, sessions, recordings, audit"],
  ["Ctrl or ⌘ + Enter", "send the form"],
  ["Esc", "leave a field"],
  ["?", "these keys"],
];

/** Opens the list of keys. */
export function showKeys(): void {
  if (document.querySelector("dialog[open]")) return;
  const dialog = document.createElement("dialog");
  dialog.className = "keys panel";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = element("h2", "Keys");
  title.id = "keys-title";
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [key, meaning] of [...here(), ...EVERYWHERE]) {
    const term = document.createElement("dt");
    term.append(element("kbd", key));
    list.append(term, element("dd", meaning));
  }
  dialog.append(title, list, toggle(), closing());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function here(): [string, string][] {
  return [...document.querySelectorAll<HTMLElement>("[data-key]")]
    .filter((carrier) => carrier.offsetParent !== null)
    .map((carrier) => [carrier.dataset.key ?? "", words(carrier)]);
}

function words(carrier: HTMLElement): string {
  const named = carrier.getAttribute("aria-label") ?? carrier.getAttribute("placeholder");
  const text = [...carrier.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent);
  return named ?? text.join("").trim();
}

function toggle(): HTMLElement {
  const label = document.createElement("label");
  label.className = "row";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = keysAreOn();
  box.addEventListener("change", () => switchKeys(box.checked));
  label.append(box, " Single keys act");
  return label;
}

function closing(): HTMLElement {
  const form = document.createElement("form");
  form.method = "dialog";
  const button = element("button", "Close");
  button.className = "button";
  form.append(button);
  return form;
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
