// Changes the page into a newer version of itself, and disturbs nobody who is using it.

import { Idiomorph } from "idiomorph";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Whether a person changed a field: its content is theirs until it is sent. */
function isTouched(element: Element): element is Field {
  if (element instanceof HTMLInputElement) {
    const choice = element.type === "checkbox" || element.type === "radio";
    return choice ? element.checked !== element.defaultChecked : element.value !== element.defaultValue;
  }
  if (element instanceof HTMLTextAreaElement) return element.value !== element.defaultValue;
  if (element instanceof HTMLSelectElement) {
    return [...element.options].some((option) => option.selected !== option.defaultSelected);
  }
  return false;
}

/** Once a choice among radio buttons was changed, none of them is the page's any more. */
function belongsToTouched(element: Element): boolean {
  if (!(element instanceof HTMLInputElement) || element.type !== "radio" || element.form === null) return false;
  const group = element.form.elements.namedItem(element.name);
  return group instanceof RadioNodeList && [...group].some((other) => other instanceof Element && isTouched(other));
}

/** What is not the server's: a terminal, what this script put there, the state of its connection. */
const isKept = (node: Node): boolean => node instanceof Element && node.matches("[data-keep], #connection");

/** Who opened or closed these is the person, and they stay so. */
const isOpenState = (name: string, element: Element): boolean =>
  name === "open" && (element instanceof HTMLDetailsElement || element instanceof HTMLDialogElement);

/** Replaces what differs; `hold` says which new elements are not shown yet. */
export function morph(old: Element, fresh: Element, hold: (node: Node) => boolean): void {
  Idiomorph.morph(old, fresh, {
    morphStyle: "outerHTML",
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (node) =>
        !(isKept(node) || (node instanceof Element && (isTouched(node) || belongsToTouched(node)))),
      beforeNodeRemoved: (node) => !isKept(node),
      beforeNodeAdded: (node) => !hold(node),
      beforeAttributeUpdated: (name, element) => !isOpenState(name, element),
    },
  });
}
