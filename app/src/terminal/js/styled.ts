// xterm writes <style> elements. A strict Content-Security-Policy lets only those through that
// carry the nonce of the response, so xterm is given this view of the document.

/** The nonce of this page's scripts; its attribute is hidden from style sheets, not from scripts. */
const nonce = (): string => document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

/** The document, except that the styles it creates carry the nonce. */
export function styledDocument(): Document {
  const value = nonce();
  const createElement = (name: string): HTMLElement => {
    const element = document.createElement(name);
    if (element instanceof HTMLStyleElement) element.nonce = value;
    return element;
  };
  return new Proxy(document, {
    get(target, property) {
      if (property === "createElement") return createElement;
      // Read from and called on the document itself: its methods refuse any other object.
      const found: unknown = Reflect.get(target, property, target);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
}
