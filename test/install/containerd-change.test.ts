// What an installation asks of a containerd that was restarted, and what it knows of one from its command line.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Plugin } from '../../src/containerd/introspection.ts';
import { requirePlugins } from '../../src/install/containerd-change.ts';
import { flagOf, plainVersion } from '../../src/install/containerd-place.ts';

const SOCKET = '/run/lazypull/snapshotter.sock';
const wanted = { socket: SOCKET, cri: true };

function plugin(type: string, id: string, more: { error?: string; address?: string } = {}): Plugin {
  const { error, address } = more;
  return {
    type: `io.containerd.${type}.v1`,
    id,
    exports: address === undefined ? {} : { address },
    initErr: error === undefined ? null : { message: error },
  };
}

const cri = plugin('grpc', 'cri');
const brokenCri = plugin('grpc', 'cri', { error: 'no snapshotter' });
const zfs = plugin('snapshotter', 'zfs', { error: 'no zfs here' });
const ours = plugin('snapshotter', 'stargz', { address: SOCKET });

suite('a containerd after its restart', () => {
  test('is right with our snapshotter, and with what was broken before', () => {
    requirePlugins([cri, zfs, ours], [cri, zfs], wanted);
    requirePlugins([brokenCri, ours], [brokenCri], wanted);
  });

  test('is wrong when a plugin is broken that was not', () => {
    assert.throws(() => requirePlugins([brokenCri, ours], [cri], wanted), {
      code: 'FAILED_PRECONDITION',
      message: "io.containerd.grpc.v1.cri can't be loaded: no snapshotter",
    });
  });

  test('is wrong without our snapshotter, with a broken one, and with another one of that name', () => {
    assert.throws(() => requirePlugins([cri], [cri], wanted), /its snapshotter stargz is none, want that at/);
    const broken = plugin('snapshotter', 'stargz', { error: 'no socket' });
    assert.throws(() => requirePlugins([cri, broken], [cri], wanted), /stargz can't be loaded: no socket/);
    const other = plugin('snapshotter', 'stargz', { address: '/run/other.sock' });
    assert.throws(() => requirePlugins([cri, other], [cri], wanted), /is the one at \/run\/other\.sock/);
    assert.throws(() => requirePlugins([plugin('diff', 'stargz', { address: SOCKET })], [], wanted), /is none/);
  });

  test('needs no snapshotter when it is to have none', () => {
    requirePlugins([cri, zfs], [cri], { socket: undefined, cri: false });
  });
});

suite('the command line of containerd', () => {
  for (const [args, value] of [
    [['--config', '/a'], '/a'],
    [['--config=/a'], '/a'],
    [['-c', '/a'], '/a'],
    [['-log-level', 'info', '-c=/a'], '/a'],
    [['--configuration', '/a'], undefined],
    [[], undefined],
  ] as const)
    test(`${args.join(' ')}, for its configuration`, () => assert.equal(flagOf(args, 'config', 'c'), value));

  test('and its version are read in every spelling', () => {
    assert.equal(plainVersion('1.7.24~ds1'), '1.7.24');
    assert.equal(plainVersion('v2.1.9'), '2.1.9');
    assert.equal(plainVersion('containerd github.com/containerd/containerd/v2 v2.1.9 abc'), '2.1.9');
    assert.throws(() => plainVersion('unknown'), { code: 'UNSUPPORTED' });
  });
});
