// How many requests wait, on the tab's icon: the title says it too.

let drawn: string | undefined;

/** Puts a dot on the icon while the title counts something. */
export function countUnseen(): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel='icon']");
  if (icon === null) return;
  const plain = (icon.dataset["plain"] ??= icon.href);
  const waits = /^\(\d+\)/.test(document.title);
  void (waits ? dotted(plain) : Promise.resolve(plain)).then((href) => {
    if (icon.href !== href) icon.href = href;
  });
}

async function dotted(address: string): Promise<string> {
  if (drawn !== undefined) return drawn;
  try {
    const svg = await (await fetch(address)).text();
    const box = /viewBox="([\d.\s-]+)"/.exec(svg)?.[1]?.split(/\s+/).map(Number) ?? [0, 0, 16, 16];
    const [x = 0, y = 0, size = 16] = box;
    const dot = `<circle cx="${x + size * 0.78}" cy="${y + size * 0.22}" r="${size * 0.22}" fill="#d33a2f"/>`;
    return (drawn = `data:image/svg+xml,${encodeURIComponent(svg.replace("</svg>", `${dot}</svg>`))}`);
  } catch {
    return address;
  }
}
