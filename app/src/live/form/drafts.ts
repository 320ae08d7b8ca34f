// What was typed into a form survives a reload, until it was sent.

const KEY = "draft:";

type Draft = Record<string, string>;

/** What of a form is a person's own: not what is hidden, and not files. */
function read(form: HTMLFormElement): Draft {
  const hidden = [...form.querySelectorAll<HTMLInputElement>("input[type='hidden']")].map((field) => field.name);
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.includes(name));
  return Object.fromEntries(typed) as Draft;
}

/** Fills in what was typed, except where the server already did. */
function fill(form: HTMLFormElement, draft: Draft): void {
  for (const [name, value] of Object.entries(draft)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
      if (field.value === "" || field.type === "radio") set(field, value);
    } else if (field instanceof RadioNodeList) {
      field.value = value;
      const chosen = [...field].find((radio) => radio instanceof HTMLInputElement && radio.checked);
      chosen?.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (field instanceof HTMLSelectElement) {
      field.value = value;
    }
  }
}

function set(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Keeps the drafts of this page's forms in the tab. */
export function keepDrafts(): void {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-draft]")];
  const key = (form: HTMLFormElement): string => KEY + (form.dataset["draft"] ?? "");
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  // The page after a form that was taken has that form no more.
  if (sent !== null && !forms.some((form) => key(form) === sent)) sessionStorage.removeItem(sent);
  for (const form of forms) {
    const kept = sessionStorage.getItem(key(form));
    const answered = form.querySelector("[aria-invalid='true']") !== null;
    if (kept !== null && !answered) fill(form, JSON.parse(kept) as Draft);
  }
  document.addEventListener("input", ({ target }) => {
    const form = target instanceof Element ? target.closest<HTMLFormElement>("form[data-draft]") : null;
    if (form !== null) sessionStorage.setItem(key(form), JSON.stringify(read(form)));
  });
  document.addEventListener("submit", ({ target }) => {
    if (target instanceof HTMLFormElement && target.matches("[data-draft]")) sessionStorage.setItem("sent", key(target));
  });
}
