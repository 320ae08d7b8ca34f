// The keys of this page, in a dialog; the way to it is a button, because keys can be switched off.

import { made } from "../../dom/made";
import { keyed, nameOf } from "./control";
import { hasItems } from "./items";
import { keysAreOn, switchKeys } from "./offer";

/** Shows the dialog. */
export function showKeys(): void {
  const rows: [string, string][] = [...keyed()].map(([keys, element]) => [keys, nameOf(element)]);
  if (hasItems()) rows.push(["j", "Next item"], ["k", "Item before"], ["Enter", "Open the item"]);
  rows.push(["ctrl k", "Anything, by its name"], ["ctrl Enter", "Send the form"], ["Esc", "Leave a field"], ["?", "These keys"]);

  const list = made("dl");
  list.className = "facts";
  for (const [keys, name] of rows) {
    const term = made("dt", ...keys.split(" ").flatMap((key) => [made("kbd", key), " "]));
    list.append(term, made("dd", name));
  }
  const toggle = made("input");
  toggle.type = "checkbox";
  toggle.checked = keysAreOn();
  toggle.addEventListener("change", () => switchKeys(toggle.checked));
  const close = made("button", "Close");
  close.className = "button";
  const title = made("h2", "Keys");
  title.id = "keys-title";
  const form = made("form", title, list, made("label", toggle, " Single keys act"), close);
  form.className = "stack";
  form.method = "dialog";
  const dialog = made("dialog", form);
  dialog.className = "keys panel";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Puts the button where the account is. */
export function offerHelp(): void {
  const button = made("button", "Keys");
  button.type = "button";
  button.className = "quiet show-keys";
  button.setAttribute("data-keep", "");
  button.addEventListener("click", showKeys);
  document.querySelector(".whoami")?.append(button);
}
