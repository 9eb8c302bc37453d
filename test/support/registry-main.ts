// The test registry as a process of its own, for network namespaces, demos and benchmarks:
//   node test/support/registry-main.ts --layout DIR[=NAME] --listen ADDRESS:PORT [--latency-ms N] [--bytes-per-sec N] [--redirect]
// Prints one JSON line with its address when it is ready; GET /_stats gives {requests, bytes, connections, byPath}.
import { parseArgs } from 'node:util';
import { TestRegistry } from './registry.ts';

const { values } = parseArgs({
  options: {
    layout: { type: 'string', multiple: true, default: [] },
    listen: { type: 'string', default: '127.0.0.1:0' },
    'latency-ms': { type: 'string', default: '0' },
    'bytes-per-sec': { type: 'string' },
    redirect: { type: 'boolean', default: false },
  },
});

const colon = values.listen.lastIndexOf(':');
const registry = await TestRegistry.start({
  address: values.listen.slice(0, colon),
  port: Number(values.listen.slice(colon + 1)),
  knobs: {
    latencyMs: Number(values['latency-ms']),
    bytesPerSec: values['bytes-per-sec'] === undefined ? undefined : Number(values['bytes-per-sec']),
    redirectTo: values.redirect ? 'cdn' : undefined,
  },
});
for (const layout of values.layout) {
  const equals = layout.lastIndexOf('=');
  if (equals === -1) registry.content.addLayout(layout);
  else registry.content.addLayout(layout.slice(0, equals), layout.slice(equals + 1));
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
process.stdout.write(`${JSON.stringify({ url: registry.url, host: registry.host })}\n`);
