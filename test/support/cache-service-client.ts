// One operation of the real @actions/cache client, in a process of its own because the client reads process.env:
//   node test/support/cache-service-client.ts '{"do":"save","paths":["data"],"key":"k"}'
// Its last line of output is the result as JSON; the lines before are what the client tells the runner.
import { restoreCache, saveCache } from '@actions/cache';

/** What the client is told to do. */
export interface CacheOperation {
  readonly do: 'save' | 'restore' | 'lookup';
  /** Relative to the working directory, or absolute. */
  readonly paths: readonly string[];
  readonly key: string;
  readonly restoreKeys?: readonly string[];
}

/** What came of it: a number from save, a key from restore and lookup. */
export interface CacheOutcome {
  readonly result?: string | number;
  /** Of a rejection. The client swallows most errors and reports them to the runner instead. */
  readonly error?: { readonly name: string; readonly message: string };
}

async function perform(operation: CacheOperation): Promise<CacheOutcome> {
  const paths = [...operation.paths];
  try {
    if (operation.do === 'save') return { result: await saveCache(paths, operation.key) };
    const options = { lookupOnly: operation.do === 'lookup' };
    const matched = await restoreCache(paths, operation.key, [...(operation.restoreKeys ?? [])], options);
    return matched === undefined ? {} : { result: matched };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: { name: error.name, message: error.message } };
  }
}

if (import.meta.main) {
  const outcome = await perform(JSON.parse(process.argv[2] ?? '{}') as CacheOperation);
  process.stdout.write(`\n${JSON.stringify(outcome)}\n`);
}
