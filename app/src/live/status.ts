// What is said beside the page: announcements, and how the connection is.

const CONNECTION = {
  live: "Live",
  reconnecting: "Reconnecting…",
  offline: "Offline: what you see may be old",
};

/** Says something to everybody, screen readers included. */
export function announce(text: string): void {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}

/** Shows how the connection for live changes is. */
export function showConnection(state: keyof typeof CONNECTION): void {
  const connection = document.getElementById("connection");
  if (!connection || connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = CONNECTION[state];
}

/** What was just done is said once more where screen readers listen. */
export function announceArrival(): void {
  const notice = document.getElementById("notice")?.textContent;
  if (notice) announce(notice);
}
