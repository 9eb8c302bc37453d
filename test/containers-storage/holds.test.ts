// Lookups, uses and releases, as clients of containers/storage make them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { Holds, type HoldsOptions } from '../../src/containers-storage/holds.ts';
import { StoreState, type HeldLayer, type StoredLayer } from '../../src/containers-storage/state.ts';
import { LazypullError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log.ts';
import type { Digest } from '../../src/oci/digest.ts';
import type { RemovedLayer } from '../../src/snapshot/snapshotter.ts';
import { FAKE_LAYER, FakeLazy } from '../support/fake-lazy.ts';
import { sha, storedLayer } from '../support/stored-layers.ts';
import { until } from '../support/until.ts';

const REF = 'a.test/app:1';
const TOC = sha('toc');
const BLOB = sha('blob of x');

function layer(): StoredLayer {
  const stored = storedLayer('x');
  const lists = { 'containerd.io/snapshot/remote/stargz.layers': BLOB };
  return { ...stored, labels: { ...stored.labels, ...lists, [FAKE_LAYER]: stored.digest } };
}

suite('holds', () => {
  let folder: string;
  let state: StoreState;
  let lazy: FakeLazy;
  let asked: string[];
  let removed: RemovedLayer[];
  let unique = 0n;
  /** What the registry answers. */
  let resolve: (signal: AbortSignal) => Promise<StoredLayer>;

  function open(more: Partial<HoldsOptions> = {}): Holds {
    return new Holds({
      state,
      lazy,
      images: {
        require: async (reference: string, tocDigest: Digest, signal: AbortSignal) => {
          asked.push(`${reference} ${tocDigest}`);
          return await resolve(signal);
        },
      },
      explain: (error) => ({ notLazy: String(error), kind: 'error' }),
      sees: () => true,
      timeoutMs: 60_000,
      log: silentLogger,
      onRemoved: (one) => removed.push(one),
      ...more,
    });
  }
  const change = (resent = false): { unique: bigint; resent: boolean } => ({ unique: ++unique, resent });
  const holdersOf = (): string[] => [...(lazy.holders.get(BLOB) ?? [])];

  async function require(holds: Holds): Promise<HeldLayer> {
    const held = await holds.lookup(REF, TOC);
    assert.ok(held !== undefined);
    return held;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-holds-'));
    state = StoreState.open(join(folder, 'state.json'), false);
    lazy = new FakeLazy();
    asked = [];
    removed = [];
    resolve = async () => layer();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a lookup mounts the layer and holds it; the next ones ask nobody', async () => {
    const holds = open();
    const held = await require(holds);
    assert.equal(holds.mountpoint(held), `/m/${BLOB.slice(-4)}`);
    assert.equal(await holds.lookup(REF, TOC), held);
    assert.deepEqual(asked, [`${REF} ${TOC}`]);
    assert.deepEqual(lazy.calls, [`mount ${BLOB}`]);
    assert.equal(holds.count(), 1);
    // Other layers' digests are for the first mount only.
    assert.deepEqual(Object.keys(held.layer.labels), ['label-of-x', FAKE_LAYER]);
  });

  test('what Podman does at a pull and an rmi leaves nothing', async () => {
    const holds = open();
    await require(holds);
    await holds.use(REF, TOC, change()); // LookupAdditionalLayer
    await holds.use(REF, TOC, change()); // CreateAs
    await holds.release(REF, TOC, change()); // Release
    assert.equal(holdersOf().length, 1);
    assert.deepEqual(
      holds.users().map(({ key, layers }) => [key, layers]),
      [[REF, [BLOB]]],
    );
    await holds.release(REF, TOC, change()); // Remove
    await until(() => removed.length === 1, 'the layer is let go');
    assert.deepEqual(holdersOf(), []);
    assert.deepEqual([removed[0]?.imageRef, removed[0]?.layerDigest], [REF, BLOB]);
    assert.equal(holds.count(), 0);
    assert.deepEqual(holds.users(), []);
  });

  test('a pull that failed lets go of what it looked up', async () => {
    const holds = open();
    await require(holds);
    await holds.use(REF, TOC, change());
    await holds.release(REF, TOC, change());
    await until(() => removed.length === 1, 'the layer is let go');
  });

  test('a request that a dead process had counted is not counted again, and one that it had not is', async () => {
    const holds = open();
    const held = await require(holds);
    const use = change();
    await holds.use(REF, TOC, use);
    await holds.use(REF, TOC, { ...use, resent: true });
    assert.equal(held.uses, 1);
    await holds.use(REF, TOC, change(true));
    assert.equal(held.uses, 2);
    const release = change();
    await holds.release(REF, TOC, release);
    await holds.release(REF, TOC, { ...release, resent: true });
    assert.equal(held.uses, 1);
    assert.equal(holdersOf().length, 1);
  });

  test('a layer that nobody looked up is neither used nor released', async () => {
    const holds = open();
    await holds.use(REF, TOC, change());
    await holds.release(REF, TOC, change());
    assert.equal(holds.count(), 0);
    assert.deepEqual(lazy.calls, []);
  });

  test('the next process holds what is used, without asking the registry', async () => {
    await require(open());
    await open().use(REF, TOC, change());
    state = StoreState.open(join(folder, 'state.json'), false);
    lazy = new FakeLazy();
    asked = [];
    const holds = open();
    await holds.restore();
    assert.deepEqual(lazy.calls, [`restore ${BLOB}`]);
    assert.deepEqual(asked, []);
    await holds.release(REF, TOC, change());
    await until(() => removed.length === 1, 'the layer is let go');
  });

  test('a layer that could not be restored has a problem until somebody looks it up again', async () => {
    await require(open());
    await open().use(REF, TOC, change());
    state = StoreState.open(join(folder, 'state.json'), false);
    lazy = new FakeLazy();
    lazy.notLazy = { notLazy: 'nobody answers', kind: 'registry' };
    const holds = open();
    await holds.restore();
    assert.equal(holds.status().images[0]?.layers[0]?.problem, 'nobody answers');
    assert.deepEqual(holds.status().fallbacks, []);
    assert.equal(holds.mountpoint(state.held()[0]!), undefined);
    // Refused a moment ago: nothing is tried.
    lazy.notLazy = undefined;
    assert.equal(await holds.lookup(REF, TOC), undefined);
    assert.deepEqual(lazy.calls, [`restore ${BLOB}`]);
  });

  for (const [title, fail, reason] of [
    [
      'the registry has no such image',
      () => (resolve = () => Promise.reject(new Error('no such image'))),
      /no such image/,
    ],
    [
      'the layer is ordinary',
      () => (lazy.notLazy = { notLazy: 'an ordinary one', kind: 'not-estargz' }),
      /an ordinary one/,
    ],
    ['the lazy side throws', () => (lazy.error = new LazypullError('UNAVAILABLE', 'closed')), /closed/],
  ] as [string, () => void, RegExp][]) {
    test(`when ${title} the client is told that there is nothing, and status says why`, async () => {
      fail();
      const holds = open();
      assert.equal(await holds.lookup(REF, TOC), undefined);
      assert.equal(await holds.lookup(REF, TOC), undefined);
      assert.ok(asked.length === 1, 'the second lookup asked again');
      const { fallbacks, images, times } = holds.status();
      assert.match(fallbacks[0]?.reason ?? '', reason);
      assert.deepEqual(images, []);
      assert.ok(times.has(REF));
      assert.deepEqual(state.held(), []);
    });
  }

  test('a registry that never answers, and a layer that never comes, end with the time limit', async () => {
    const impatient = open({ timeoutMs: 5 });
    resolve = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    assert.equal(await impatient.lookup(REF, TOC), undefined);
    assert.match(impatient.status().fallbacks[0]?.reason ?? '', /layer_store\.timeout \(5 ms\)/);
    resolve = async () => layer();
    lazy.hangs = true;
    assert.equal(await impatient.lookup('b.test/app:1', TOC), undefined);
    assert.match(impatient.status().fallbacks[1]?.reason ?? '', /layer_store\.timeout/);
    assert.equal(impatient.status().fallbacks[1]?.kind, 'registry');
  });

  test('a client that does not see the mount gets nothing, and holds nothing', async () => {
    const seen: number[] = [];
    const holds = open({ sees: (pid) => seen.push(pid) > 1 });
    const held = await require(holds);
    assert.equal(await holds.offer(held, 41), false);
    assert.match(holds.status().fallbacks[0]?.reason ?? '', /mount namespace/);
    assert.deepEqual([holds.count(), holdersOf()], [0, []]);
    // A layer that others use stays.
    const other = await holds.lookup('b.test/app:1', TOC);
    assert.ok(other !== undefined);
    assert.equal(await holds.offer(other, 42), true);
    assert.deepEqual(seen, [41, 42]);
  });

  test('the first offer of a layer that is in use brings what a start wants; before that nobody starts anything', async () => {
    const holds = open();
    const held = await require(holds);
    await holds.offer(held, 1);
    assert.equal(lazy.calls.includes(`ready ${BLOB}`), false);
    await holds.use(REF, TOC, change());
    await holds.offer(held, 1);
    assert.equal(lazy.calls.includes(`ready ${BLOB}`), true);
  });
});
