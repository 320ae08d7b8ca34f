// After a decision the focus goes to what comes next.

const KEY = "decided-on";

/** Remembers that a form of this page was sent; where its answer is this page again, goes on. */
export function focusNext(): void {
  const before = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (before === location.pathname && document.querySelector("[autofocus], [aria-invalid='true']") === null) {
    const next = document.querySelector("[data-list] [data-current]") ?? document.querySelector("[data-list] [data-item]");
    const target = next?.querySelector<HTMLElement>("a[href], button, summary") ?? document.querySelector<HTMLElement>("h1");
    target?.focus();
  }
  document.addEventListener("submit", ({ target }) => {
    if (target instanceof HTMLFormElement && target.getAttribute("method") === "post" && target.closest("#page") !== null) {
      sessionStorage.setItem(KEY, location.pathname);
    }
  });
}
