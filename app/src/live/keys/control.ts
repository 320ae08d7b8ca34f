// The controls of a page: what they are called, which have keys, and how they are used.

/** What a control is called, without the key that is written on it. */
export function nameOf(element: HTMLElement): string {
  const label = element.getAttribute("aria-label") ?? element.getAttribute("placeholder");
  if (label !== null) return label;
  if (element instanceof HTMLInputElement) return element.labels?.[0]?.textContent ?? "";
  const copy = element.cloneNode(true) as HTMLElement;
  copy.querySelectorAll("kbd, .count, svg").forEach((part) => part.remove());
  return copy.textContent.trim();
}

/** Every control of the page that has a key, and can be seen. */
export function keyed(): Map<string, HTMLElement> {
  const found = new Map<string, HTMLElement>();
  for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const keys = element.dataset["key"] ?? "";
    if (!found.has(keys) && element.checkVisibility()) found.set(keys, element);
  }
  return found;
}

/** Goes to a field, or presses anything else. */
export function use(element: HTMLElement): void {
  const field = element instanceof HTMLLabelElement ? element.control : element;
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
    field.focus();
    if (field instanceof HTMLInputElement) field.select();
  } else {
    element.click();
  }
}
