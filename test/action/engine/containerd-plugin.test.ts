// What ctr prints is asked of both generations too.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, delimiter, join } from 'node:path';
import { suite, test } from 'node:test';
import { parsePlugin, requireOurPlugin, snapshotterPlugin } from '../../../action/engine/containerd-plugin.ts';
import { createHost } from '../../../action/host.ts';
import { containerdProgram, startContainerd } from '../../support/containerd.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { needs, requireProgram } from '../../support/needs.ts';

const SOCKET = '/run/lazypull/snapshotter.sock';
const CONFIG = '/etc/containerd/config.toml';
// As `ctr plugins ls --detailed` of 1.7 and 2.1 prints them, with the blanks at the ends of lines.
const HEAD = 'Type:          io.containerd.snapshotter.v1\nID:            stargz\nPlatforms:     linux/amd64\n';
const GOOD = `${HEAD}Exports:      \n               root                                    /var/lib/lazypull\n               address                                 ${SOCKET}\n\n`;
const BAD = `${HEAD}Error:        \n               Code:        Unknown\n               Message:     no such thing: skip plugin\n\n`;

suite("containerd's plugin", () => {
  test('has an address, or an error, or is not there', () => {
    assert.deepEqual(parsePlugin(GOOD), { address: SOCKET, error: undefined });
    assert.deepEqual(parsePlugin(BAD), { address: undefined, error: 'no such thing: skip plugin' });
    assert.equal(parsePlugin('\n'), undefined);
  });

  test('is asked for as root, at the address of its containerd', async () => {
    const { host, commands } = fakeHost({ answers: [[/./, GOOD]] });
    assert.deepEqual(await snapshotterPlugin(host, '/run/c.sock'), { address: SOCKET, error: undefined });
    assert.equal(commands.length, 1);
    assert.match(
      commands[0]!,
      /^root: ctr --address \/run\/c\.sock .* id==stargz,type==io\.containerd\.snapshotter\.v1$/,
    );
  });

  test('of a containerd that does not answer is an error', async () => {
    const { host } = fakeHost({ answers: [[/./, { status: 1, stderr: 'ctr: connection refused\n' }]] });
    await assert.rejects(snapshotterPlugin(host, '/run/c.sock'), {
      code: 'UNAVAILABLE',
      message: 'containerd at /run/c.sock: ctr: connection refused',
    });
  });

  test('is good when it is ours and loaded, else the error says what to look at', () => {
    requireOurPlugin(parsePlugin(GOOD), SOCKET, CONFIG);
    const wrong = [
      [undefined, /does not know the snapshotter stargz[^]*config\.toml: disabled_plugins/],
      [parsePlugin(BAD), /can't load the snapshotter stargz: no such thing[^]*config\.toml/],
      [{ address: '/theirs.sock', error: undefined }, /is the one at \/theirs\.sock, not lazypull's at [^]* imports/],
      [{ address: undefined, error: undefined }, /is the one at no socket/],
    ] as const;
    for (const [state, message] of wrong)
      assert.throws(() => requireOurPlugin(state, SOCKET, CONFIG), { code: 'CONFIG', message });
  });
});

for (const version of ['1.7', '2'] as const) {
  const skip = needs('root', 'runc', containerdProgram(version));
  test(`containerd ${version} says where its plugin is, or that it has none`, { skip }, async (t) => {
    const dir = mkdtempSync('/var/tmp/lazypull-plugin-');
    const path = process.env['PATH'];
    process.env['PATH'] = [dirname(requireProgram(containerdProgram(version))), path].join(delimiter);
    t.after(() => {
      process.env['PATH'] = path;
      rmSync(dir, { recursive: true, force: true });
    });
    const host = createHost('root');
    const ask = async (name: string, more: object): Promise<unknown> => {
      await using containerd = await startContainerd({ version, dir: join(dir, name), ...more });
      return await snapshotterPlugin(host, containerd.socketPath);
    };
    assert.deepEqual(await ask('with', { snapshotterSocket: SOCKET }), { address: SOCKET, error: undefined });
    assert.equal(await ask('without', {}), undefined);
  });
}
