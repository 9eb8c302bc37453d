import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { LazypullError, UserError } from '../../src/errors.ts';
import { NO_USAGE } from '../../src/snapshot/model.ts';
import { SnapshotStore } from '../../src/snapshot/store.ts';
import { fakeDigest } from './fake-lazy.ts';

const folder = mkdtempSync(join(tmpdir(), 'lazypull-store-'));
after(() => rmSync(folder, { recursive: true }));
let stores = 0;
const newPath = (): string => join(folder, `${++stores}.db`);
const code = (expected: string) => ({ name: 'LazypullError', code: expected });

test('what was written is there after the store is opened again, under the same store id', () => {
  const path = newPath();
  const store = new SnapshotStore(path);
  const base = store.create('active', 'a', '', { l: '1' });
  store.commit(base, 'base', { m: '2' }, { size: 4096, inodes: 3 });
  const top = store.create('active', 'b', 'base', {});
  store.commitRemote(top, 'remote', { n: '3' }, { layerDigest: fakeDigest(7), ref: 'sha256:c' });
  const before = store.list();
  store.close();
  store.close();

  const again = new SnapshotStore(path);
  assert.deepEqual(again.list(), before);
  assert.equal(again.storeId, store.storeId);
  assert.deepEqual(again.require('base').usage, { size: 4096, inodes: 3 });
  assert.equal(again.require('remote').layerDigest, fakeDigest(7));
  assert.equal(again.require('remote').parent, 'base');
  assert.equal(again.findRemote('sha256:c', 'base')?.name, 'remote');
  assert.equal(again.findRemote('sha256:c', ''), undefined);
  again.close();
});

test('an id is never used again', () => {
  const store = new SnapshotStore(newPath());
  const first = store.create('active', 'a', '', {});
  store.remove('a');
  assert.ok(store.create('active', 'a', '', {}).id > first.id);
  store.close();
});

test('a snapshot that was removed and made again under its key is not committed by who began with the old one', () => {
  const store = new SnapshotStore(newPath());
  const old = store.create('active', 'a', '', {});
  store.remove('a');
  store.create('active', 'a', '', {});
  assert.throws(() => store.commit(old, 'c', {}, NO_USAGE), code('NOT_FOUND'));
  assert.equal(store.require('a').kind, 'active');
  store.close();
});

test('two remote snapshots of one ref and parent can not be stored', () => {
  const store = new SnapshotStore(newPath());
  const remote = { layerDigest: fakeDigest(1), ref: 'sha256:c' };
  store.commitRemote(store.create('active', 'a', '', {}), 'one', {}, remote);
  assert.throws(() => store.commitRemote(store.create('active', 'b', '', {}), 'two', {}, remote));
  assert.deepEqual(
    store.list().map(({ name }) => name),
    ['one', 'b'],
  );
  store.close();
});

test('a damaged database, a newer one, and one that is in use are errors that say what to do', () => {
  const damaged = newPath();
  writeFileSync(damaged, 'this is no database, whatever it is'.repeat(100));
  const newer = newPath();
  const database = new DatabaseSync(newer);
  database.exec('PRAGMA user_version = 999');
  database.close();
  for (const path of [damaged, newer]) {
    assert.throws(
      () => new SnapshotStore(path),
      (error) => error instanceof UserError && error.fix !== undefined && error.message.includes(path),
    );
  }
  const used = newPath();
  const store = new SnapshotStore(used);
  assert.throws(() => new SnapshotStore(used), UserError);
  store.close();
  new SnapshotStore(used).close();
});

// A model in a few lines that every sequence of commands must agree with.
interface ModelSnapshot {
  kind: string;
  parent: string;
}
type Command = ['prepare' | 'view' | 'commit' | 'remove', string, string];

function expected(model: Map<string, ModelSnapshot>, [what, a, b]: Command): string | undefined {
  if (what === 'commit') {
    if (model.has(b)) return 'ALREADY_EXISTS';
    if (!model.has(a)) return 'NOT_FOUND';
    return model.get(a)?.kind === 'active' ? undefined : 'FAILED_PRECONDITION';
  }
  if (what === 'remove') {
    if (!model.has(a)) return 'NOT_FOUND';
    return [...model.values()].some(({ parent }) => parent === a) ? 'FAILED_PRECONDITION' : undefined;
  }
  if (b !== '' && !model.has(b)) return 'NOT_FOUND';
  if (b !== '' && model.get(b)?.kind !== 'committed') return 'INVALID_ARGUMENT';
  return model.has(a) ? 'ALREADY_EXISTS' : undefined;
}

function apply(model: Map<string, ModelSnapshot>, [what, a, b]: Command): void {
  const parent = model.get(a)?.parent ?? '';
  if (what === 'remove' || what === 'commit') model.delete(a);
  if (what === 'commit') model.set(b, { kind: 'committed', parent });
  if (what === 'prepare') model.set(a, { kind: 'active', parent: b });
  if (what === 'view') model.set(a, { kind: 'view', parent: b });
}

function execute(store: SnapshotStore, [what, a, b]: Command): string | undefined {
  try {
    if (what === 'commit') store.commit(store.find(a) ?? { ...gone, name: a }, b, {}, NO_USAGE);
    else if (what === 'remove') store.remove(a);
    else store.create(what === 'view' ? 'view' : 'active', a, b, {});
    return undefined;
  } catch (error) {
    return error instanceof LazypullError ? error.code : String(error);
  }
}
const gone = {
  id: -1,
  name: '',
  parent: '',
  kind: 'active',
  createdMs: 0,
  updatedMs: 0,
  labels: {},
  usage: NO_USAGE,
  layerDigest: undefined,
} as const;

test('any sequence of commands ends in the state, and in the errors, of the model', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const command = fc.tuple(
    fc.constantFrom('prepare', 'view', 'commit', 'remove'),
    name,
    fc.oneof(name, fc.constant('')),
  );
  const sane = fc.array(
    command.filter(([what, , b]) => what !== 'commit' || b !== ''),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(sane, (commands) => {
      const store = new SnapshotStore(':memory:');
      const model = new Map<string, ModelSnapshot>();
      for (const next of commands as Command[]) {
        const error = expected(model, next);
        assert.equal(execute(store, next), error, next.join(' '));
        if (error === undefined) apply(model, next);
      }
      const state = store.list().map(({ name, kind, parent }) => [name, { kind, parent }] as const);
      assert.deepEqual(new Map(state), model);
      for (const [key] of model) {
        const chain = [];
        for (let up = model.get(key)?.parent ?? ''; up !== ''; up = model.get(up)?.parent ?? '') chain.push(up);
        assert.deepEqual(
          store.ancestors(store.require(key)).map(({ name }) => name),
          chain,
        );
      }
      store.close();
    }),
    { numRuns: 60 },
  );
});
