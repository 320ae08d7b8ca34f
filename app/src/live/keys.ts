// The keyboard: single keys press what carries them, j and k walk lists, g goes places.

import { showKeys } from "./key-list";

const PLACES: Record<string, string> = {
  n: "/",
  i: "/inbox",
  s: "/sessions",
  r: "/recordings",
  a: "/audit",
};
const SWITCH = "keys-off";
// After g, the next key within this time says where to go.
const GO_WITHIN_MS = 1_500;

/** Single keys can be switched off (WCAG 2.1.4). */
export function keysAreOn(): boolean {
  return localStorage.getItem(SWITCH) === null;
}

/** Switches single keys on or off, for this browser. */
export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(SWITCH);
  else localStorage.setItem(SWITCH, "yes");
}

/** Listens for keys on the whole page. */
export function listenForKeys(): void {
  let goingUntil = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return send(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") return leaveField();
    if (event.key === "?" && !isTyping(event.target)) return showKeys();
    if (!keysAreOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const going = performance.now() < goingUntil;
    goingUntil = 0;
    const place = PLACES[event.key];
    if (going && place) return location.assign(place);
    if (event.key === "g") goingUntil = performance.now() + GO_WITHIN_MS;
    else if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
    else if (press(event.key)) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]");
  const typed = !(field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type));
  return (field !== null && typed) || target.closest("[role=region][aria-label=Terminal]") !== null;
}

function send(event: KeyboardEvent): void {
  const form = event.target instanceof Element && event.target.closest("form");
  if (form) form.requestSubmit();
}

function leaveField(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && isTyping(focused) && !focused.closest("[aria-label=Terminal]")) focused.blur();
}

function press(key: string): boolean {
  const carriers = document.querySelectorAll<HTMLElement>("[data-key]");
  const carrier = [...carriers].find((element) => element.dataset.key === key && element.offsetParent !== null);
  if (!carrier) return false;
  const labelled = carrier instanceof HTMLLabelElement ? carrier.control : carrier;
  if (labelled instanceof HTMLButtonElement || labelled instanceof HTMLAnchorElement) labelled.click();
  else labelled?.focus();
  return true;
}

/** Moves along the items of the page's lists; Enter opens. */
function walk(step: 1 | -1): void {
  const items = [...document.querySelectorAll<HTMLElement>("[data-list] [data-item]")];
  const focused = document.activeElement?.closest<HTMLElement>("[data-item]");
  const current = focused ?? items.find((item) => item.hasAttribute("data-current"));
  const index = current ? items.indexOf(current) + step : 0;
  const next = items[Math.max(0, Math.min(items.length - 1, index))];
  const target = next?.querySelector<HTMLElement>("a, button, summary");
  target?.focus();
}
