import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { NodeIds } from '../../src/daemon/node-ids.ts';
import { digestOf } from '../../src/oci/digest.ts';

const [one, two, three] = [digestOf(Buffer.from('1')), digestOf(Buffer.from('2')), digestOf(Buffer.from('3'))];

function pathIn(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-nodes-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'node-ids.json');
}

test('the next process gives a layer the id that it had, and a new layer another', async (t) => {
  const path = pathIn(t);
  const before = NodeIds.open(path);
  const ids = [await before.require(one, { a: 'x' }), await before.require(two, {}), await before.require(one, {})];
  assert.deepEqual(ids, [2, 3, 2]);
  const after = NodeIds.open(path);
  assert.deepEqual(after.entries(), [
    [one, { id: 2, labels: { a: 'x' } }],
    [two, { id: 3, labels: {} }],
  ]);
  assert.equal(await after.require(three, {}), 4);
});

test('a layer that is served no longer is forgotten, and its id is never given again', async (t) => {
  const path = pathIn(t);
  const before = NodeIds.open(path);
  await before.require(one, {});
  await before.require(two, {});
  await before.forget(two);
  const after = NodeIds.open(path);
  assert.deepEqual(
    after.entries().map(([digest]) => digest),
    [one],
  );
  assert.equal(await after.require(two, {}), 4);
});

test('long lists of other layers are not kept, and what says where a layer comes from is', async (t) => {
  const path = pathIn(t);
  const reference = { 'containerd.io/snapshot/remote/stargz.reference': 'example.com/a:1' };
  const lists = { 'containerd.io/snapshot/remote/stargz.layers': one, 'containerd.io/snapshot/cri.image-layers': two };
  await NodeIds.open(path).require(one, { ...reference, ...lists });
  assert.deepEqual(NodeIds.open(path).entries()[0]?.[1].labels, reference);
});

test('a damaged file is an empty one, and entries that make no sense are left out', (t) => {
  const path = pathIn(t);
  writeFileSync(path, '{');
  assert.deepEqual(NodeIds.open(path).entries(), []);
  writeFileSync(path, JSON.stringify({ nodes: { [one]: { id: 1, labels: {} }, [two]: { id: 7, labels: {} }, x: {} } }));
  assert.deepEqual(NodeIds.open(path).entries(), [[two, { id: 7, labels: {} }]]);
  assert.match(readFileSync(path, 'utf8'), /nodes/);
});
