import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { undoStep } from '../../action/undo.ts';
import { fakeHost } from '../support/fake-host.ts';

suite('Undoing a step', () => {
  test('brings a changed file back and removes its copy', async () => {
    const { host } = fakeHost({ files: { '/etc/a': 'new', '/etc/a.before-lazypull': 'old' } });
    await undoStep(host, { kind: 'file', path: '/etc/a', backup: '/etc/a.before-lazypull' });
    assert.equal(await host.read('/etc/a'), 'old');
    assert.equal(await host.exists('/etc/a.before-lazypull'), false);
  });

  test('leaves a file alone whose copy was never made', async () => {
    const { host } = fakeHost({ files: { '/etc/a': 'as it was' } });
    await undoStep(host, { kind: 'file', path: '/etc/a', backup: '/etc/a.before-lazypull' });
    assert.equal(await host.read('/etc/a'), 'as it was');
  });

  test('removes a file that was not there before, and folders of our own with all that is in them', async () => {
    const { host } = fakeHost({ files: { '/etc/a': 'new', '/run/ours/b': '', '/run/other': '' } });
    await undoStep(host, { kind: 'file', path: '/etc/a' });
    await undoStep(host, { kind: 'remove', path: '/run/ours' });
    assert.equal(await host.exists('/etc/a'), false);
    assert.equal(await host.exists('/run/ours/b'), false);
    assert.equal(await host.exists('/run/other'), true);
  });

  test('restarts units together, whatever failed before, and names those that do not run', async () => {
    const { host, commands } = fakeHost({
      answers: [
        [/ restart /, { status: 1, stderr: 'Job for containerd.service failed.\n' }],
        [/is-active docker/, 'active\n'],
        [/is-active containerd/, { status: 3, stdout: 'activating\n' }],
        [/journalctl .*containerd/, 'containerd: no such file\n'],
      ],
    });
    await assert.rejects(undoStep(host, { kind: 'restart', units: ['containerd.service', 'docker.service'] }), {
      message:
        "containerd.service, docker.service can't be restarted: Job for containerd.service failed.\n" +
        'the end of the log of containerd.service:\ncontainerd: no such file',
    });
    assert.deepEqual(commands.slice(0, 2), [
      'root: systemctl reset-failed containerd.service docker.service',
      'root: systemctl restart docker.service containerd.service',
    ]);
  });

  test("runs a command as whom it is said to be run, and tells when it can't", async () => {
    const { host, commands } = fakeHost({ answers: [[/docker/, { status: 1, stderr: 'no such context' }]] });
    await undoStep(host, { kind: 'command', command: ['ip', 'link', 'delete', 'lazypull0'], root: true });
    await assert.rejects(
      undoStep(host, { kind: 'command', command: ['docker', 'context', 'rm', 'lazypull'], root: false }),
      /no such context/,
    );
    assert.deepEqual(commands, ['root: ip link delete lazypull0', 'docker context rm lazypull']);
  });

  test('stops a unit that is there, and asks nothing of one that is not', async () => {
    const gone = fakeHost({ answers: [[/show/, 'not-found\n']] });
    await undoStep(gone.host, { kind: 'unit', name: 'lazypull-action-daemon.service' });
    assert.equal(
      gone.commands.some((command) => / stop /.test(command)),
      false,
    );
    const there = fakeHost({ answers: [[/show/, 'loaded\n']] });
    await undoStep(there.host, { kind: 'unit', name: 'lazypull-action-daemon.service' });
    assert.ok(there.commands.includes('root: systemctl stop lazypull-action-daemon.service'));
  });
});
