// What the status tells of a job on a real containerd: when, how long, how much, and also of what is gone.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ImageStatus } from '../../src/daemon/status.ts';
import { containerdProgram } from '../support/containerd.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { startWorld } from '../support/world.ts';

const NAME = 'small-esgz';
const READ = ['/bin/md5sum', '/data/4096', '/data/4097'];

type Count = 'faults' | 'waitedMs' | 'usedChunks' | 'usedBytes' | 'hitChunks' | 'requests' | 'fetchedBytes';

function sum({ layers }: ImageStatus, key: Count): number {
  return layers.reduce((all, layer) => all + layer[key], 0);
}

suite('the report of a job', { skip: needs('root', 'fuse', 'erofs', containerdProgram('2'), 'skopeo') }, () => {
  test('has times in their order, what was read, how long it was waited for, and keeps it when the image is gone', async () => {
    const registry = await TestRegistry.start({ knobs: { latencyMs: 60 } });
    // Nothing but what is read comes, so that each read of a new file has to wait.
    const config = 'background_fill.enabled = false\nprefetch.enabled = false\n';
    await using world = await startWorld({ version: '2', images: [NAME], registry, config });
    const beganMs = Date.now();
    await world.pull(NAME);
    const pulled = await world.status(NAME);
    assert.deepEqual([sum(pulled, 'faults'), sum(pulled, 'waitedMs')], [0, 0]);
    assert.equal(pulled.timeline.startedMs, undefined);

    await world.container(NAME, READ);
    const first = await world.status(NAME);
    const { askedMs, mountedMs = 0, startedMs = 0, firstReadMs = 0 } = first.timeline;
    const order = [beganMs, askedMs, mountedMs, startedMs, firstReadMs, Date.now()];
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      order,
    );
    assert.ok(sum(first, 'faults') > 0 && sum(first, 'requests') > 0 && sum(first, 'fetchedBytes') > 0);
    // One round trip at least, and never more than the whole time.
    assert.ok(sum(first, 'waitedMs') >= 55 && sum(first, 'waitedMs') < Date.now() - beganMs);
    assert.ok(sum(first, 'usedBytes') >= 4096 + 4097);
    assert.ok(sum(first, 'hitChunks') < sum(first, 'usedChunks'));
    const { totals } = first.daemon;
    assert.deepEqual([totals.usedChunks, totals.hitChunks], [sum(first, 'usedChunks'), sum(first, 'hitChunks')]);
    assert.ok(totals.transferMs >= 60 && totals.transferMs < Date.now() - beganMs);

    await world.container(NAME, READ);
    const second = await world.status(NAME);
    assert.deepEqual(second.timeline, first.timeline);
    assert.equal(sum(second, 'faults'), sum(first, 'faults'));

    await world.containerd.ctr(['images', 'rm', '--sync', world.ref(NAME)]);
    const gone = await world.daemon.status();
    assert.deepEqual(gone.images, []);
    assert.deepEqual(gone.history, [
      { ref: second.ref, consumer: second.consumer, layers: second.layers, timeline: second.timeline },
    ]);

    const pid = await world.daemon.servingPid();
    await world.lazypull(['restart', '--socket', world.daemon.control]);
    await world.daemon.ready(pid);
    assert.deepEqual((await world.daemon.status()).history, gone.history);
  });
});
