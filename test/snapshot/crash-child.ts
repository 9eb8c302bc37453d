// Makes snapshots until it is killed, and says of each when it is committed. For crash.test.ts.
import { writeSync } from 'node:fs';
import { Snapshotter } from '../../src/snapshot/snapshotter.ts';
import { FakeLazy, fakeDigest, layerLabels } from './fake-lazy.ts';

const [root = '', round = ''] = process.argv.slice(2);
const lazy = new FakeLazy();
lazy.layers.set(fakeDigest(1), root);
const snapshots = await Snapshotter.open({ root, lazy });
for (let at = 0; ; at++) {
  const name = `${round}-${at}`;
  await snapshots.prepare(`${name}-active`, '', {});
  await snapshots.commit(name, `${name}-active`, { of: name });
  writeSync(1, `${name}\n`);
  await snapshots.prepare(`${name}-remote`, '', layerLabels(1, name)).catch(() => {});
  writeSync(1, `remote ${name}\n`);
  if (at % 3 === 0) await snapshots.remove(name);
  if (at % 3 === 0) writeSync(1, `removed ${name}\n`);
}
