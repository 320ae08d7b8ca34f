// What wasm-bindgen writes from the crate `hydrate`.
declare module "shorepass-module" {
  export default function init(options: { module_or_path: string }): Promise<unknown>;
  export function hydrate(): void;
}
