// A question that must be answered before anything happens.

import { made } from "../../dom/made";

/** What is asked, and about what. */
export interface Question {
  title: string;
  text: string;
  /** What it is about, a line each, exactly as it is. */
  shown: string[];
  /** What the button says that does it. */
  yes: string;
}

/** Characters that cannot be seen, or that let a line look like another one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text with everything in it visible. */
export function visible(text: string): string {
  return text.replace(/\t/g, "    ").replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Asks; closing the dialog in any other way is a no. The focus goes back to where it was. */
export function ask({ title, text, shown, yes }: Question): Promise<boolean> {
  const heading = made("h2", title);
  heading.id = "question-title";
  const lines = made("pre", shown.map(visible).join("\n"));
  // It may be longer than the dialog: whoever has no pointer scrolls it with keys.
  lines.tabIndex = 0;
  const [agree, cancel] = [made("button", yes), made("button", "Cancel")];
  agree.value = "yes";
  agree.autofocus = true;
  agree.dataset["kind"] = "main";
  const row = made("p", agree, cancel);
  row.className = "row";
  for (const button of [agree, cancel]) button.className = "button";
  const form = made("form", heading, made("p", text), lines, row);
  form.method = "dialog";
  form.className = "stack";
  const dialog = made("dialog", form);
  dialog.className = "question panel";
  dialog.setAttribute("aria-labelledby", heading.id);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
