// What a serving process makes of its environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inherit } from '../../src/daemon/serving.ts';
import { FormatError } from '../../src/errors.ts';

const full = {
  LAZYPULL_FUSE_FD: '4',
  LAZYPULL_FUSE_MOUNT: '/run/lazypull/fuse',
  LAZYPULL_FUSE_RESEND: '1',
  LAZYPULL_GENERATION: '3',
};

test('the connection is adopted as the supervisor says, and the variables are gone then', () => {
  const env: NodeJS.ProcessEnv = { ...full, OTHER: 'stays' };
  assert.deepEqual(inherit(env).fuse, {
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
  assert.deepEqual(inherit(env).fuse?.store, { fd: 5, mountpoint: '/var/lib/store' });
  assert.deepEqual(env, {});
});

test('a new connection is not to be resent', () => {
  assert.equal(inherit({ ...full, LAZYPULL_FUSE_RESEND: '0' }).fuse?.resend, false);
});

test('without a descriptor there is no FUSE filesystem', () => {
  assert.equal(inherit({ LAZYPULL_GENERATION: '0' }).fuse, undefined);
});

test('sockets that listen already come with their paths, also without a FUSE filesystem', () => {
  const env: NodeJS.ProcessEnv = { LAZYPULL_GENERATION: '0', LAZYPULL_SOCKETS: '{"/run/a.sock":4,"/run/b.sock":5}' };
  const { fuse, sockets } = inherit(env);
  assert.equal(fuse, undefined);
  assert.deepEqual(
    [...sockets],
    [
      ['/run/a.sock', 4],
      ['/run/b.sock', 5],
    ],
  );
  assert.deepEqual(env, {});
  assert.equal(inherit({}).sockets.size, 0);
});

test('variables that make no sense are refused', () => {
  const wrong: NodeJS.ProcessEnv[] = [
    { LAZYPULL_FUSE_FD: '0' },
    { LAZYPULL_FUSE_FD: '4x' },
    { LAZYPULL_FUSE_MOUNT: 'fuse' },
    { LAZYPULL_FUSE_MOUNT: undefined },
    { LAZYPULL_STORE_FD: '5' },
    { LAZYPULL_STORE_FD: 'x', LAZYPULL_STORE_MOUNT: '/var/lib/store' },
    ...['{', '[1]', '{"/run/s.sock":2}', '{"/run/s.sock":"x"}', 'null'].map((text) => ({ LAZYPULL_SOCKETS: text })),
    { LAZYPULL_GENERATION: '-1' },
    { LAZYPULL_GENERATION: undefined },
  ];
  for (const change of wrong) assert.throws(() => inherit({ ...full, ...change }), FormatError);
});
