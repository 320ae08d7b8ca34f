// xterm writes <style> elements. A strict Content-Security-Policy lets only those through that
// carry the nonce of the response, and xterm has no option for it: its `documentOverride` reaches
// only some of the places where it makes them.

/**
 * Does something during which every <style> element that is made carries the page's nonce; what is
 * written into such an element later is let through as well.
 */
export function styled<Made>(make: () => Made): Made {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = Document.prototype.createElement.call(document, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  Object.defineProperty(document, "createElement", { value: createElement, configurable: true });
  try {
    return make();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}
