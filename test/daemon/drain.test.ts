// Draining without mounts: what is asked for, what is told, and when the daemon leaves.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { Drain, type DrainConsumer } from '../../src/daemon/drain.ts';
import { parseDrainRequest } from '../../src/daemon/drain-request.ts';
import type { HeldLayer } from '../../src/daemon/lazy-layers.ts';
import { silentLogger } from '../../src/log.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { SnapshotStore } from '../../src/snapshot/store.ts';
import { usersOf } from '../../src/snapshot/users.ts';
import { until } from '../support/until.ts';

const LAYER = digestOf(Buffer.from('layer'));

/** As much of a held layer as a report needs. */
function held(digest: Digest, missing: number, nodeId: number | undefined): HeldLayer {
  const stats = () => ({ presentBytes: 100 - missing, fileBytes: 100 });
  const layer = { digest, complete: missing === 0, hasBlob: false, stats };
  return {
    layer,
    mount: { digest, mountpoint: '/m', nodeId },
    holders: new Set(),
    prefetch: undefined,
  } as unknown as HeldLayer;
}

interface Fixture {
  readonly file: string;
  readonly open: (consumer: DrainConsumer, layer?: HeldLayer) => Drain;
  readonly left: { count: number };
}

function fixture(t: TestContext): Fixture {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-drain-'));
  const file = join(dir, 'root', 'drain.json');
  const left = { count: 0 };
  const open = (consumer: DrainConsumer, layer?: HeldLayer): Drain => {
    const drain = new Drain({
      file,
      consumers: () => [consumer],
      lookup: () => layer,
      log: silentLogger,
      leave: () => void left.count++,
      lookMs: 5,
    });
    t.after(() => drain.close());
    return drain;
  };
  t.after(() => rmSync(dir, { recursive: true }));
  return { file, open, left };
}

const empty: DrainConsumer = { name: 'containerd', users: () => [], count: () => 0 };
const user = { key: 'k8s.io/1/a', imageRef: 'registry.test/app:1', layers: [LAYER] };
const used: DrainConsumer = { name: 'containerd', users: () => [user], count: () => 1 };

suite('a daemon that drains', () => {
  test('mounts nothing new, says so, and remembers it until it is cancelled', async (t) => {
    const { file, open } = fixture(t);
    const drain = open(used, held(LAYER, 0, 1));
    assert.equal(drain.refusal, undefined);
    assert.equal(drain.status(), undefined);
    await drain.begin({ retire: false });
    assert.match(drain.refusal ?? '', /drains/);
    const next = open(used, held(LAYER, 0, 1));
    assert.match(next.refusal ?? '', /drains/);
    assert.equal(next.status()?.retire, false);
    await next.cancel();
    assert.equal(next.refusal, undefined);
    assert.equal(open(used).status(), undefined);
    assert.equal(existsSync(file), false);
  });

  test('tells who needs the registry, who needs the daemon, and who needs neither', async (t) => {
    const { open } = fixture(t);
    const rows = [
      [held(LAYER, 40, 1), 'incomplete', 40],
      [held(LAYER, 0, 1), 'complete', 0],
      [held(LAYER, 0, undefined), 'independent', 0],
      [undefined, 'incomplete', -1],
    ] as const;
    for (const [layer, state, missingBytes] of rows) {
      const drain = open(used, layer);
      await drain.begin({ retire: false });
      const [found, ...others] = drain.status()?.users ?? [];
      assert.deepEqual(others, []);
      assert.deepEqual(
        [found?.consumer, found?.key, found?.ref, found?.state],
        ['containerd', user.key, user.imageRef, state],
      );
      assert.equal(found?.layers[0]?.missingBytes, missingBytes);
      assert.equal(found?.layers[0]?.throughFuse, layer?.mount.nodeId !== undefined || layer === undefined);
      await drain.close();
    }
  });

  test('leaves when it goes for good and the last snapshot is gone, and not before', async (t) => {
    const { open, left } = fixture(t);
    let count = 1;
    let looks = 0;
    const drain = open({ ...empty, count: () => (looks++, count) });
    await drain.begin({ retire: true });
    await until(() => looks > 8, 'looks with a snapshot');
    assert.equal(left.count, 0);
    count = 0;
    await until(() => left.count > 0, 'the end');
    assert.equal(left.count, 1);
  });

  test('stays when it only drains, however little there is', async (t) => {
    const { open, left } = fixture(t);
    let looks = 0;
    const drain = open({ ...empty, count: () => (looks++, 0) });
    await drain.begin({ retire: false });
    await until(() => looks > 8, 'looks without a snapshot');
    assert.equal(left.count, 0);
  });

  test('goes on to leave in the next process, also when it is asked only to drain', async (t) => {
    const { open, left } = fixture(t);
    const first = open(used, held(LAYER, 0, 1));
    await first.begin({ retire: true });
    await first.close();
    const second = open(empty);
    await second.begin({ retire: false });
    assert.equal(second.status()?.retire, true);
    await until(() => left.count === 1, 'the end');
  });

  test('takes a damaged file for none', async (t) => {
    const { file, open } = fixture(t);
    await open(empty).begin({ retire: false });
    writeFileSync(file, '{"retire":');
    assert.equal(open(empty).refusal, undefined);
  });
});

test('users are what stands on lazy layers: no unpacking, no image without a container', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-users-'));
  const store = new SnapshotStore(join(dir, 'metadata.db'));
  t.after(() => {
    store.close();
    rmSync(dir, { recursive: true });
  });
  const labels = {
    'containerd.io/snapshot.ref': 'sha256:chain',
    'containerd.io/snapshot/cri.image-ref': 'registry.test/app:1',
    'containerd.io/snapshot/cri.layer-digest': LAYER,
  };
  const remote = store.create('active', 'extract-1 sha256:chain', '', labels);
  store.commitRemote(remote, 'chain', labels, { layerDigest: LAYER, ref: 'sha256:chain' });
  assert.deepEqual(usersOf(store), []);
  store.create('active', 'k8s.io/3/extract-12-abc sha256:next', 'chain', labels);
  store.create('active', 'k8s.io/4/ordinary', '', {});
  assert.deepEqual(usersOf(store), []);
  store.create('active', 'k8s.io/5/container', 'chain', {});
  store.create('view', 'k8s.io/6/view', 'chain', {});
  const layers = [LAYER];
  const imageRef = 'registry.test/app:1';
  assert.deepEqual(usersOf(store), [
    { key: 'k8s.io/5/container', imageRef, layers },
    { key: 'k8s.io/6/view', imageRef, layers },
  ]);
});

test('a request says what it wants', () => {
  assert.deepEqual(parseDrainRequest({ action: 'begin', retire: true }), { action: 'begin', retire: true });
  assert.deepEqual(parseDrainRequest({ action: 'cancel' }), { action: 'cancel', retire: false });
  for (const wrong of [undefined, {}, { action: 'end' }, { action: 'begin', retire: 'yes' }])
    assert.throws(() => parseDrainRequest(wrong), { code: 'INVALID_ARGUMENT' });
});
