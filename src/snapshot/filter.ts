// containerd's filter language, as its List calls use it: `labels."some.key"==value,kind==committed`. A comma is an
// and, several filters are an or; `==`, `!=`, `~=` (regular expression) and `@=` (contains); no operator asks whether
// the field is there. Specification: the package comment of containerd's pkg/filters.
import { LazypullError } from '../errors.ts';
import { FilterScanner, type FilterOperator } from './filter-scanner.ts';
import type { SnapshotInfo } from './model.ts';

export type Filter = (info: SnapshotInfo) => boolean;

type Test = (actual: string | undefined) => boolean;

/** What each operator makes of the value beside it. A field that is not there counts as empty, but for `==`. */
const TESTS: Readonly<Record<FilterOperator, (value: string) => Test>> = {
  '==': (value) => (actual) => actual === value,
  '!=': (value) => (actual) => (actual ?? '') !== value,
  '@=': (value) => (actual) => (actual ?? '').includes(value),
  '~=': (value) => {
    const pattern = compile(value);
    return (actual) => pattern.test(actual ?? '');
  },
};

/**
 * One filter that lets through what any of `filters` lets through. No filter, like an empty one, lets everything through.
 * @throws LazypullError INVALID_ARGUMENT.
 */
export function parseFilters(filters: readonly string[]): Filter {
  if (filters.length === 0) return () => true;
  const parsed = filters.map((filter) => parseFilter(filter));
  return (info) => parsed.some((matches) => matches(info));
}

/** @throws LazypullError INVALID_ARGUMENT. */
export function parseFilter(text: string): Filter {
  if (text === '') return () => true;
  const scanner = new FilterScanner(text);
  const selectors: Filter[] = [];
  do selectors.push(parseSelector(scanner));
  while (scanner.accept(','));
  scanner.expectEnd();
  return (info) => selectors.every((matches) => matches(info));
}

function parseSelector(scanner: FilterScanner): Filter {
  const path = [scanner.field()];
  while (scanner.accept('.')) path.push(scanner.field());
  const read = fieldReader(path);
  if (scanner.atSelectorEnd()) return (info) => read(info) !== undefined;

  const operator = scanner.operator();
  const test = TESTS[operator](scanner.value({ slashQuotes: operator === '~=' }));
  return (info) => test(read(info));
}

/** Reads a field; undefined when the snapshot has none. An unknown field is never there, and is not an error. */
function fieldReader(path: readonly string[]): (info: SnapshotInfo) => string | undefined {
  const key = path.slice(1).join('.');
  switch (path[0]) {
    case 'kind':
      return (info) => info.kind;
    case 'name':
      return (info) => info.name;
    case 'parent':
      return (info) => info.parent;
    case 'labels':
      return (info) => (Object.hasOwn(info.labels, key) ? info.labels[key] : undefined);
    default:
      return () => undefined;
  }
}

/** RE2 patterns that matter are JavaScript patterns too, but for leading flags, which are translated. */
function compile(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  try {
    return new RegExp(
      pattern.slice(flags?.[0].length ?? 0),
      flags === null ? 'u' : `u${[...new Set(flags[1])].join('')}`,
    );
  } catch (cause) {
    throw new LazypullError('INVALID_ARGUMENT', `filter: not a regular expression: ${JSON.stringify(pattern)}`, {
      cause,
    });
  }
}
