// What a serving process makes of its environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptFuse } from '../../src/daemon/serving.ts';
import { FormatError } from '../../src/errors.ts';

const full = {
  LAZYPULL_FUSE_FD: '4',
  LAZYPULL_FUSE_MOUNT: '/run/lazypull/fuse',
  LAZYPULL_FUSE_RESEND: '1',
  LAZYPULL_GENERATION: '3',
};

test('the connection is adopted as the supervisor says, and the variables are gone then', () => {
  const env: NodeJS.ProcessEnv = { ...full, OTHER: 'stays' };
  assert.deepEqual(adoptFuse(env), {
    fd: 4,
    mountpoint: '/run/lazypull/fuse',
    store: undefined,
    generation: 3,
    resend: true,
  });
  assert.deepEqual(env, { OTHER: 'stays' });
});

test('the layer store has a connection of its own, and its variables go too', () => {
  const env: NodeJS.ProcessEnv = { ...full, LAZYPULL_STORE_FD: '5', LAZYPULL_STORE_MOUNT: '/var/lib/store' };
  assert.deepEqual(adoptFuse(env)?.store, { fd: 5, mountpoint: '/var/lib/store' });
  assert.deepEqual(env, {});
});

test('a new connection is not to be resent', () => {
  assert.equal(adoptFuse({ ...full, LAZYPULL_FUSE_RESEND: '0' })?.resend, false);
});

test('without a descriptor there is no FUSE filesystem', () => {
  assert.equal(adoptFuse({ LAZYPULL_GENERATION: '0' }), undefined);
});

test('variables that make no sense are refused', () => {
  const wrong: NodeJS.ProcessEnv[] = [
    { LAZYPULL_FUSE_FD: '0' },
    { LAZYPULL_FUSE_FD: '4x' },
    { LAZYPULL_FUSE_MOUNT: 'fuse' },
    { LAZYPULL_FUSE_MOUNT: undefined },
    { LAZYPULL_STORE_FD: '5' },
    { LAZYPULL_STORE_FD: 'x', LAZYPULL_STORE_MOUNT: '/var/lib/store' },
    { LAZYPULL_GENERATION: '-1' },
    { LAZYPULL_GENERATION: undefined },
  ];
  for (const change of wrong) assert.throws(() => adoptFuse({ ...full, ...change }), FormatError);
});
