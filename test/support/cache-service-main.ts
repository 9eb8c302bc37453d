// The cache service as a process of its own, for network namespaces:
//   node test/support/cache-service-main.ts --listen ADDRESS:PORT
// Prints one JSON line with its URL, then answers each JSON line of standard input with one; ends with its input.
// `cache-service-process.ts` speaks to it.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { CacheService } from './cache-service.ts';
import type { CacheKnobs } from './cache-service-knobs.ts';
import type { TokenOptions } from './cache-service-token.ts';

/** A line of standard input. */
export type CacheOrder =
  | { readonly do: 'token'; readonly options: TokenOptions }
  /** null takes a knob back to "none". */
  | { readonly do: 'knobs'; readonly knobs: Readonly<Record<string, unknown>> }
  | { readonly do: 'log' | 'forget' | 'entries' | 'down' | 'up' };

const { values } = parseArgs({ options: { listen: { type: 'string', default: '127.0.0.1:0' } } });
const colon = values.listen.lastIndexOf(':');
const service = await CacheService.start({
  address: values.listen.slice(0, colon),
  port: Number(values.listen.slice(colon + 1)),
});

async function obey(order: CacheOrder): Promise<unknown> {
  if (order.do === 'token') return service.token(order.options);
  if (order.do === 'log') return service.log;
  if (order.do === 'entries') {
    return service.entries.map(({ key, version, scope, body }) => ({
      key,
      version,
      scope,
      sizeBytes: body?.length ?? 0,
    }));
  }
  if (order.do === 'knobs') setKnobs(service.knobs, order.knobs);
  if (order.do === 'forget') service.forget();
  if (order.do === 'down') await service.goDown();
  if (order.do === 'up') await service.comeBack();
  return {};
}

function setKnobs(knobs: CacheKnobs, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(name in knobs)) throw new Error(`no knob ${name}`);
    Object.assign(knobs, { [name]: value ?? undefined });
  }
}

process.stdout.write(`${JSON.stringify({ url: service.url })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await obey(JSON.parse(line) as CacheOrder))}\n`);
}
process.exit(0);
