// Loads the module of the rich pages and brings the islands of this page to life.

import init, * as module from "shorepass-module";

/** The address of the module; the build puts it in. */
declare const MODULE_ADDRESS: string;

const islands = Object.entries(module as Record<string, unknown>).filter(([name]) => /^[A-Z]/.test(name));

/** An island's name ends in a digest of its source, which another compiler may print differently. */
const stem = (name: string): string => name.replace(/_\d+$/, "");

await init({ module_or_path: MODULE_ADDRESS });
module.hydrate();
for (const element of document.querySelectorAll<HTMLElement>("leptos-island")) {
  const wanted = stem(element.dataset["component"] ?? "");
  const island = islands.find(([name]) => stem(name) === wanted)?.[1];
  if (typeof island === "function") island(element);
}
