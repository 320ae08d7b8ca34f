// xterm gives letters colours of their own (24-bit ones, and those whose contrast it mends) by
// `style` attributes. A Content-Security-Policy without 'unsafe-inline' ignores those; what is set
// through the object model is let through (CSP 3, 8.3).

/** Lets letters have every colour. */
export function colourLetters(): void {
  const set = Element.prototype.setAttribute;
  HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
    if (name === "style") this.style.cssText = value;
    else set.call(this, name, value);
  };
}
