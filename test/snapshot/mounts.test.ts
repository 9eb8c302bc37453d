import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inUserNamespace, mountsOf, type SnapshotPaths } from '../../src/snapshot/mounts.ts';

const plain = { userxattr: false, indexOff: false };
const paths = (kind: 'view' | 'active', ...lower: string[]): SnapshotPaths => ({
  kind,
  fs: '/r/9/fs',
  work: '/r/9/work',
  lower,
});

test('a snapshot without parents is a bind mount, read-only for a view', () => {
  assert.deepEqual(mountsOf(paths('active'), plain), [{ type: 'bind', source: '/r/9/fs', options: ['rw', 'rbind'] }]);
  assert.deepEqual(mountsOf(paths('view'), plain), [{ type: 'bind', source: '/r/9/fs', options: ['ro', 'rbind'] }]);
});

test('a view of one parent is a read-only bind mount of the parent', () => {
  assert.deepEqual(mountsOf(paths('view', '/m/1'), plain), [
    { type: 'bind', source: '/m/1', options: ['ro', 'rbind'] },
  ]);
});

test('an active snapshot with parents is an overlay with the nearest parent on top', () => {
  const options = ['workdir=/r/9/work', 'upperdir=/r/9/fs', 'lowerdir=/m/2:/r/1/fs'];
  assert.deepEqual(mountsOf(paths('active', '/m/2', '/r/1/fs'), plain), [
    { type: 'overlay', source: 'overlay', options },
  ]);
});

test('a view of several parents is an overlay without an upper directory', () => {
  const options = ['lowerdir=/m/2:/m/1'];
  assert.deepEqual(mountsOf(paths('view', '/m/2', '/m/1'), plain), [{ type: 'overlay', source: 'overlay', options }]);
});

test('what the machine needs stands before the directories', () => {
  const [mount] = mountsOf(paths('active', '/m/1'), { userxattr: true, indexOff: true });
  assert.deepEqual(mount?.options.slice(0, 2), ['index=off', 'userxattr']);
});

test('only the map of all ids to themselves is that of the first user namespace', () => {
  assert.ok(!inUserNamespace('         0          0 4294967295\n'));
  assert.ok(inUserNamespace('         0       1000          1\n'));
  assert.ok(inUserNamespace('0 1000 1\n1 100000 65536\n'));
});
