// Workers run the same way from the TypeScript sources and from what tsc emits.

/** The URL of a sibling module, with the extension that the asking module has (`.ts` or `.js`). `base` is `import.meta.url`. */
export function workerUrl(specifier: string, base: string): URL {
  return new URL(base.endsWith('.ts') ? `${specifier}.ts` : `${specifier}.js`, base);
}
