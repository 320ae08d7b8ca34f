// Forms whose answer is what happens next on this page.

import type { Refresher } from "../update/refresh";

/** Sends such forms without leaving; where that fails, the browser sends them as it would. */
export function stayOnPage(refresher: Refresher): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-stay]") || event.defaultPrevented) return;
    event.preventDefault();
    void send(form, event.submitter).then((sent) => {
      if (sent) void refresher.load(location.href);
      else form.submit();
    });
  });
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<boolean> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) if (typeof value === "string") body.append(name, value);
  submitter?.setAttribute("aria-busy", "true");
  try {
    // Where the answer leads is not fetched: this page is there already.
    const response = await fetch(form.getAttribute("action") ?? "", { method: "post", body, redirect: "manual" });
    return response.type === "opaqueredirect" || response.ok;
  } catch {
    return false;
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}
