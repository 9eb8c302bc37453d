// containerd's contract, over gRPC on a unix socket: on nothing, and on a remote layer.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeDigest, layerLabels } from '../snapshot/fake-lazy.ts';
import { needs } from '../support/needs.ts';
import { Harness } from './harness.ts';
import { METADATA_CONTRACTS } from './suite-metadata.ts';
import { MOUNT_CONTRACTS } from './suite-mounts.ts';
import type { Contract } from './suite.ts';

const BASES: readonly { what: string; make: (snapshots: Harness) => Promise<string> }[] = [
  { what: 'on nothing', make: async () => '' },
  {
    what: 'on a remote layer',
    make: async (snapshots) => {
      const layer = snapshots.directory('root/m/1');
      mkdirSync(join(layer, 'usr'));
      writeFileSync(join(layer, 'usr/remote'), 'from afar');
      snapshots.lazy.layers.set(fakeDigest(1), layer);
      await assert.rejects(snapshots.prepare('extract', '', layerLabels(1, 'sha256:base')), { code: 'ALREADY_EXISTS' });
      const [name = ''] = await snapshots.names('labels."containerd.io/snapshot.ref"==sha256:base,parent==""');
      return name;
    },
  },
];

for (const { what, make } of BASES) {
  const contract = ([title, run]: Contract, skip: string | false): void => {
    test(`${title} (${what})`, { skip }, async () => {
      await using snapshots = await Harness.start();
      await run(snapshots, await make(snapshots));
    });
  };
  for (const each of METADATA_CONTRACTS) contract(each, false);
  for (const each of MOUNT_CONTRACTS) contract(each, needs('root', 'mount'));
}
