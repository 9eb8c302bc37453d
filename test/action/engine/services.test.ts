import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isActive, mainPid, restartUnits, unitLog, untilAnswer } from '../../../action/engine/services.ts';
import { fakeHost } from '../../support/fake-host.ts';

const BOTH = ['containerd.service', 'docker.service'];
const { signal } = new AbortController();

suite('units', () => {
  test('are restarted by one command, the last one named first, and no earlier starts count', async () => {
    const { host, commands } = fakeHost({});
    await restartUnits(host, BOTH);
    assert.deepEqual(commands, [
      'root: systemctl reset-failed containerd.service docker.service',
      'root: systemctl restart docker.service containerd.service',
    ]);
  });

  test('that do not come up are told with their logs, others without', async () => {
    const { host } = fakeHost({
      answers: [
        [/ restart /, { status: 1, stderr: 'Job for docker.service failed.\nSee "journalctl -xeu docker.service".\n' }],
        [/is-active containerd/, 'active\n'],
        [/is-active docker/, { status: 3, stdout: 'failed\n' }],
        [/journalctl _SYSTEMD_UNIT=docker/, 'level=info\n\nfailed to start daemon: no\n'],
        [/journalctl _SYSTEMD_UNIT=containerd/, 'not wanted'],
      ],
    });
    await assert.rejects(restartUnits(host, BOTH), {
      code: 'SYSTEM',
      message:
        'containerd.service, docker.service can\'t be restarted: See "journalctl -xeu docker.service".\n' +
        'the end of the log of docker.service:\nlevel=info\nfailed to start daemon: no',
    });
  });

  test('are active when they are, and not when they try', async () => {
    const active = (stdout: string): Promise<boolean> => isActive(fakeHost({ answers: [[/./, stdout]] }).host, 'x');
    assert.equal(await active('active\n'), true);
    for (const state of ['activating\n', 'inactive\n', 'failed\n', '']) assert.equal(await active(state), false);
  });

  test('have a process, or none', async () => {
    const pid = (stdout: string): Promise<number | undefined> =>
      mainPid(fakeHost({ answers: [[/--property=MainPID --value x$/, stdout]] }).host, 'x');
    assert.equal(await pid('123\n'), 123);
    for (const said of ['0\n', '\n', 'no\n', '-1\n']) assert.equal(await pid(said), undefined);
  });

  test('that wrote nothing have no log', async () => {
    assert.equal(await unitLog(fakeHost({}).host, 'x'), '');
  });
});

suite('an answer', () => {
  test('is asked for until it comes', async () => {
    const answers = [undefined, undefined, 0];
    assert.equal(await untilAnswer(() => Promise.resolve(answers.shift()), 60_000, signal), 0);
    assert.deepEqual(answers, []);
  });

  test('that never comes is none, after one try at least', async () => {
    let tries = 0;
    const ask = (): Promise<undefined> => {
      tries++;
      return Promise.resolve(undefined);
    };
    assert.equal(await untilAnswer(ask, -1, signal), undefined);
    assert.equal(tries, 1);
  });

  test('is not waited for when the step is cancelled', async () => {
    const controller = new AbortController();
    const ask = (): Promise<undefined> => {
      controller.abort(new Error('cancelled'));
      return Promise.resolve(undefined);
    };
    await assert.rejects(untilAnswer(ask, 60_000, controller.signal), /^Error: cancelled$/);
  });
});
