// What is remembered of layers that were let go of and of images that are gone, and what of it outlives a process.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { ImageHistory, type RemovedLayer } from '../../src/daemon/image-history.ts';
import { LayerLedger } from '../../src/daemon/layer-ledger.ts';
import { Memory } from '../../src/daemon/memory.ts';
import type { ImageTimeline, LayerStatus } from '../../src/daemon/status.ts';
import { digestOf } from '../../src/oci/digest.ts';

function layer(name: string, counts: Partial<LayerStatus> = {}): LayerStatus {
  return {
    digest: digestOf(Buffer.from(name)),
    state: 'lazy',
    presentBytes: 10,
    imageBytes: 100,
    fetchedBytes: 5,
    requests: 1,
    faults: 2,
    waitedMs: 30,
    usedChunks: 4,
    usedBytes: 40,
    hitChunks: 3,
    restoredBytes: 0,
    ...counts,
  };
}

suite('the ledger of layers', () => {
  test('goes on counting what a layer did before, but a chunk that was read twice is one chunk', () => {
    const ledger = new LayerLedger();
    ledger.close(layer('a', { firstReadMs: 7, restoredBytes: 11 }));
    const total = ledger.total(
      layer('a', { presentBytes: 50, usedChunks: 6, hitChunks: 6, usedBytes: 60, firstReadMs: 9 }),
    );
    assert.deepEqual(
      total,
      layer('a', {
        presentBytes: 50,
        fetchedBytes: 10,
        requests: 2,
        faults: 4,
        waitedMs: 60,
        usedChunks: 6,
        usedBytes: 60,
        hitChunks: 5,
        restoredBytes: 11,
        firstReadMs: 7,
      }),
    );
  });

  test('says of a layer that was never let go of what it is told, and knows it not', () => {
    const ledger = new LayerLedger([layer('a')]);
    assert.deepEqual(ledger.total(layer('b')), layer('b'));
    assert.equal(ledger.lookup(layer('b').digest), undefined);
    assert.deepEqual(ledger.lookup(layer('a').digest), layer('a'));
  });

  test('forgets the layer that was let go of first when there are more than 2000', () => {
    const ledger = new LayerLedger();
    for (let i = 0; i <= 2000; i++) ledger.close(layer(`${i}`));
    assert.equal(ledger.entries().length, 2000);
    assert.equal(ledger.lookup(layer('0').digest), undefined);
  });
});

suite('the history of images', () => {
  const gone = (name: string, times: Partial<ImageTimeline> = {}): RemovedLayer => ({
    ref: 'registry.test/app:1',
    consumer: 'docker',
    layer: layer(name),
    timeline: { askedMs: 1, ...times },
  });

  test('has the layers of an image bottom first, though they go top first', () => {
    const history = new ImageHistory();
    for (const name of ['top', 'middle', 'bottom']) history.add(gone(name));
    assert.deepEqual(
      history.entries().map(({ ref, consumer, layers }) => [ref, consumer, layers]),
      [['registry.test/app:1', 'docker', ['bottom', 'middle', 'top'].map((name) => layer(name))]],
    );
  });

  test('has a layer once, as it was last, and the life of the image in which something was started', () => {
    const history = new ImageHistory();
    history.add(gone('top'));
    history.add({ ...gone('top', { askedMs: 50, startedMs: 60 }), layer: layer('top', { faults: 9 }) });
    history.add(gone('top', { askedMs: 80, startedMs: 90 }));
    assert.deepEqual(history.entries(), [
      {
        ref: 'registry.test/app:1',
        consumer: 'docker',
        layers: [layer('top')],
        timeline: { askedMs: 50, startedMs: 60 },
      },
    ]);
  });

  test('has the earliest read of all layers, whichever goes first', () => {
    for (const reads of [
      [undefined, 70, 65],
      [65, undefined, 70],
      [70, 65, undefined],
    ]) {
      const history = new ImageHistory();
      for (const [i, firstReadMs] of reads.entries()) {
        history.add(gone(`${i}`, { startedMs: 60, ...(firstReadMs === undefined ? {} : { firstReadMs }) }));
      }
      assert.deepEqual(history.entries()[0]?.timeline, { askedMs: 1, startedMs: 60, firstReadMs: 65 });
    }
  });

  test('keeps the same image of two consumers apart, and 200 images at most', () => {
    const history = new ImageHistory();
    for (let i = 0; i < 201; i++) history.add({ ...gone('top'), consumer: `${i}` });
    assert.deepEqual(
      history.entries().map(({ consumer }) => consumer),
      Array.from({ length: 200 }, (_, i) => `${i + 1}`),
    );
  });
});

suite('the memory of the daemon', () => {
  const folder = (t: TestContext): string => {
    const path = mkdtempSync(join(tmpdir(), 'lazypull-memory-'));
    t.after(() => rmSync(path, { recursive: true }));
    return join(path, 'memory.json');
  };
  const images = {
    history: [{ ref: 'registry.test/app:1', layers: [layer('a')], timeline: { askedMs: 3 } }],
    layers: [layer('a'), layer('b')],
  };

  test('is what the next process of the same daemon finds, and nothing for another daemon', async (t) => {
    const path = folder(t);
    const memory = new Memory(path, false);
    memory.clock('docker').asked('registry.test/app:1');
    await memory.save(images);
    const next = new Memory(path, true);
    assert.deepEqual({ history: next.former.history, layers: next.former.layers }, images);
    assert.deepEqual(next.clock('docker').entries(), memory.clock('docker').entries());
    assert.deepEqual(next.clock('other').entries(), []);
    assert.deepEqual(new Memory(path, false).former, { history: [], layers: [], times: {} });
  });

  for (const [what, damage] of [
    ['that is cut', (text: string) => text.slice(0, -9)],
    ['of another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['with a count that is no number', (text: string) => text.replace('"faults":2', '"faults":"2"')],
    ['with a digest that is none', (text: string) => text.replace('sha256:', 'sha255:')],
    ['with times that are no numbers', (text: string) => text.replace(/"askedMs":\d+/, '"askedMs":null')],
  ] as const) {
    test(`counts as nothing when it is a file ${what}`, async (t) => {
      const path = folder(t);
      const memory = new Memory(path, false);
      await memory.save(images);
      const text = readFileSync(path, 'utf8');
      assert.notEqual(damage(text), text);
      assert.deepEqual(new Memory(path, true).former.layers, images.layers);
      writeFileSync(path, damage(text));
      assert.deepEqual(new Memory(path, true).former, { history: [], layers: [], times: {} });
    });
  }
});
