// Addresses on the screen, and links that programs write (OSC 8): only to the web, and only when
// the person says so (T-02).

import { ask } from "../ask";

/** Opens a link in a new tab that knows nothing of this one, after asking. */
export async function openLink(address: string): Promise<void> {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return;
  const meant = await ask({
    title: `Open ${url.host}?`,
    text: "Something in the container wrote this address. It opens in a new tab.",
    // The parsed form: no control characters, and the host as it really is.
    shown: [url.href],
    yes: "Open",
  });
  if (meant) window.open(url.href, "_blank", "noopener,noreferrer");
}
