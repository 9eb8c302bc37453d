// Input `variants`: the path of a mapping, a mapping itself, or what stands behind the tags of variants.

/** Where the command finds what the input says. */
export type VariantsInput =
  | { readonly kind: 'suffix'; readonly suffix: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'text'; readonly text: string };

/** `text` is not empty. A name that begins with `-` or `_` is no path that anybody has; a mapping has lines, a `=` or a brace. */
export function parseVariants(text: string): VariantsInput {
  if (/^[-_][\w.-]*$/.test(text)) return { kind: 'suffix', suffix: text };
  return /[\n={]/.test(text) ? { kind: 'text', text } : { kind: 'path', path: text };
}
