// A process that loads hot packs and says how much memory it took at most. Arguments: root, folder of the packs.
import { readFileSync } from 'node:fs';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import { openStore } from './layers.ts';

const [root = '', packs = ''] = process.argv.slice(2);
await using store = await openStore(root);
await using hot = new HotPacks(store);
// Of this process alone: getrusage(2) also remembers the one that it was started from.
const peakKib = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
const before = peakKib();
const { chunks, bytes, refused } = await hot.load(packs);
process.stdout.write(
  JSON.stringify({ chunks, bytes, refused: refused.length, grownBytes: (peakKib() - before) * 1024 }),
);
