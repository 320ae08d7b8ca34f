// Links that programs write (OSC 8): only to the web, and only when the person says so (T-02).

/** Opens a link in a new tab that knows nothing of this one, after asking. */
export function openLink(address: string): void {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return;
  // The parsed form: no control characters, and the host as it really is.
  if (confirm(`A program in the container links to:\n\n${url.href}\n\nOpen it in a new tab?`)) {
    window.open(url.href, "_blank", "noopener,noreferrer");
  }
}
