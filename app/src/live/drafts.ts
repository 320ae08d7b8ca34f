// What is typed survives a reload, until it is sent.

const PREFIX = "draft:";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Restores every draft of the page, and keeps what is typed from now on. */
export function keepDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element && event.target.closest<HTMLFormElement>("form[data-draft]");
    if (form) sessionStorage.setItem(key(form), JSON.stringify(Object.fromEntries(kept(form))));
  });
  document.addEventListener("submit", (event) => {
    // Read as an attribute: a field named like a property would hide it.
    const form = event.target as HTMLFormElement;
    if (form.hasAttribute("data-draft")) sessionStorage.removeItem(key(form));
  });
}

function key(form: HTMLFormElement): string {
  return PREFIX + (form.getAttribute("data-draft") ?? "");
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("input:not([type=hidden]), textarea, select")];
}

function kept(form: HTMLFormElement): [string, string][] {
  return fields(form)
    .filter((field) => !(field instanceof HTMLInputElement && field.type === "radio") || field.checked)
    .map((field) => [field.name, field.value]);
}

function restore(form: HTMLFormElement): void {
  const draft = sessionStorage.getItem(key(form));
  // What the server sends back with a mistake in it is newer than any draft.
  if (!draft || form.querySelector("[aria-invalid=true]")) return;
  const values = JSON.parse(draft) as Record<string, string>;
  for (const field of fields(form)) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}
