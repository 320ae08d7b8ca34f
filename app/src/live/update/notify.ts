// The browser's notifications, of what changes while the page is behind others. A person asks for
// them by a click, once for all pages.

const ON = "notify";

const isOn = (): boolean => localStorage.getItem(ON) !== null && Notification.permission === "granted";

/** Notifies of a line where the person cannot see it. */
export function notify(text: string): void {
  if (!("Notification" in window) || !document.hidden || !isOn()) return;
  show(text);
}

/** Shows the page's button for it, where the browser has notifications. */
export function offerToNotify(): void {
  const button = document.querySelector<HTMLElement>("[data-notify]");
  if (button === null || !("Notification" in window)) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", `${isOn()}`);
}

/** Turns notifications on and off by the button; what came of it is said. */
export function turnNotificationsOn(say: (text: string) => void): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.target.closest("[data-notify]") === null) return;
    void turn().then((text) => {
      offerToNotify();
      say(text);
    });
  });
}

async function turn(): Promise<string> {
  if (isOn()) {
    localStorage.removeItem(ON);
    return "Notifications are off";
  }
  if ((await Notification.requestPermission()) !== "granted") return "The browser does not allow notifications from this address";
  localStorage.setItem(ON, "");
  try {
    show("You will be notified here while you look at something else.");
    return "Notifications are on";
  } catch {
    // Browsers of phones have the interface, and show no notification of a page.
    localStorage.removeItem(ON);
    return "This browser has no notifications for pages";
  }
}

function show(text: string): void {
  // Another tab that says the same does not say it twice.
  const icon = document.querySelector<HTMLLinkElement>("link[rel='icon']")?.href ?? "";
  const notification = new Notification(document.title, { body: text, tag: text, icon });
  notification.addEventListener("click", () => {
    window.focus();
    notification.close();
  });
}
