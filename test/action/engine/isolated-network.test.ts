// The order of notes and changes, and what is told. What the rules do is seen in test/e2e/action-isolated.test.ts.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { chooseRange, setUpNetwork } from '../../../action/engine/isolated-network.ts';
import { Journal } from '../../../action/journal.ts';
import { type Answer, fakeHost } from '../../support/fake-host.ts';

const RANGE = '10.213.0.0/16';
const FORWARD = '/proc/sys/net/ipv4/ip_forward';
const names = (journal: Journal): string[] =>
  journal.steps.map((step) => (step.kind === 'command' ? (step.command[2] ?? '').split('\n', 1)[0] : step.kind) ?? '');

suite('the network of a second Docker', () => {
  test('is noted before it is made', async () => {
    const answers: Answer[] = [[/Makes the network/, { status: 2, stderr: 'ip: no bridges here' }]];
    const { host, written } = fakeHost({ answers, files: { [FORWARD]: '1\n' } });
    const journal = new Journal(() => {});
    await assert.rejects(setUpNetwork(host, journal, RANGE), /no bridges here/);
    assert.deepEqual(names(journal), ['# Removes the network of the second Docker.']);
    // A job after this one's death finds it.
    assert.deepEqual(written, [{ path: '/run/lazypull-docker/range', text: RANGE, mode: undefined }]);
  });

  test('turns forwarding on where it is off, and off again in the end', async () => {
    const { host, commands } = fakeHost({ files: { [FORWARD]: '0\n' } });
    const journal = new Journal(() => {});
    await setUpNetwork(host, journal, RANGE);
    const set = (value: string): string[] => ['sh', '-c', 'echo "$1" > "$2"', 'sh', value, FORWARD];
    assert.deepEqual(journal.steps[0], { kind: 'command', command: set('0'), root: true });
    assert.equal(commands[0], `root: ${set('1').join(' ')}`);
    assert.equal(journal.steps.length, 2);
  });

  test('keeps away from routes, addresses, name servers and pools of the machine', async () => {
    const answers: Answer[] = [
      [/route show table all/, 'default via 10.1.0.1 dev eth0\n10.213.0.0/16 dev vpn0\n'],
      [/address show/, '2: eth0    inet 10.214.3.4/16 scope global eth0\n'],
    ];
    const files = {
      '/etc/resolv.conf': 'nameserver 127.0.0.53\n',
      '/run/systemd/resolve/resolv.conf': 'nameserver 10.215.0.1\n',
      '/etc/hosts': '10.216.1.1 registry.internal\n',
      '/etc/docker/daemon.json': '{"bip": "10.217.0.1/24"}',
    };
    assert.equal(await chooseRange(fakeHost({ answers, files }).host), '10.218.0.0/16');
  });

  test('is refused where there is no range, with what to do', async () => {
    const all = '10.0.0.0/8 dev a\n172.16.0.0/12 dev a\n192.168.0.0/16 dev a\n198.18.0.0/15 dev a\n';
    const { host } = fakeHost({ answers: [[/route/, all]] });
    await assert.rejects(chooseRange(host), { code: 'CONFIG', message: /private range[^]*Remove routes/ });
  });
});
