// The one key that the terminal does not get.

/**
 * Whether this key leaves the terminal; then the way out has the focus.
 *
 * Windows keeps ctrl+shift+Escape for itself, so ctrl+shift+F6 does the same.
 */
export function leaves(event: KeyboardEvent): boolean {
  const isExit = event.ctrlKey && event.shiftKey && (event.key === "Escape" || event.key === "F6");
  if (isExit && event.type === "keydown") {
    event.preventDefault();
    const exit = document.querySelector<HTMLElement>("[data-terminal-exit]") ?? document.getElementById("page");
    exit?.focus();
  }
  return isExit;
}
