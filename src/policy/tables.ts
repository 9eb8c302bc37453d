// Values from JSON and YAML documents that other programs check: what has another type than expected counts as not there.

export type Table = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Numbers and booleans are the text that they are written as; null is left out. */
export function textMap(value: unknown): Record<string, string> {
  if (!isTable(value)) return {};
  const scalars = Object.entries(value).filter(([, item]) => ['string', 'number', 'boolean'].includes(typeof item));
  return Object.fromEntries(scalars.map(([name, item]) => [name, String(item)]));
}
