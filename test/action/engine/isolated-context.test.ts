import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { contextEnvironment, parseContexts, useContext } from '../../../action/engine/isolated-context.ts';
import { Journal } from '../../../action/journal.ts';
import { type Answer, fakeHost, type FakeHost } from '../../support/fake-host.ts';

const ENDPOINT = 'unix:///run/lazypull-docker/docker.sock';

/** As `docker context ls` prints one with `{{json .}}`. */
function line(name: string, endpoint: string, current = false): string {
  return `${JSON.stringify({ Current: current, Description: '', DockerEndpoint: endpoint, Error: '', Name: name })}\n`;
}

const OURS = line('lazypull', ENDPOINT);
const LIST = 'docker context ls --format {{json .}}';
const CREATE = `docker context create lazypull --docker host=${ENDPOINT}`;
const USE = 'docker context use lazypull';
const REMOVE = { kind: 'command', command: ['docker', 'context', 'rm', '--force', 'lazypull'], root: false };
const back = (name: string): object => ({ kind: 'command', command: ['docker', 'context', 'use', name], root: false });

async function use(
  list: string,
  reuse = false,
  more: readonly Answer[] = [],
): Promise<FakeHost & { journal: Journal }> {
  const fake = fakeHost({ answers: [...more, [/context ls/, list]] });
  const journal = new Journal(() => {});
  await useContext(fake.host, journal, { endpoint: ENDPOINT, reuse });
  return { ...fake, journal };
}

suite('the docker context', () => {
  test('is made and made current, as the user; in the end the one before is, and ours is gone', async () => {
    const used = await use(line('default', 'unix:///var/run/docker.sock', true));
    assert.deepEqual(used.commands, [LIST, CREATE, USE]);
    assert.deepEqual(used.journal.take(), [back('default'), REMOVE]);
  });

  test('gives way to the one of the user that was current before', async () => {
    const used = await use(line('default', 'unix:///var/run/docker.sock') + line('mine', 'ssh://me@far', true));
    assert.deepEqual(used.journal.take(), [back('mine'), REMOVE]);
  });

  test('that a dead job left is used, and nobody goes back to it', async () => {
    const used = await use(line('default', 'unix:///var/run/docker.sock') + line('lazypull', ENDPOINT, true));
    assert.deepEqual(used.commands, [LIST, USE]);
    assert.deepEqual(used.journal.take(), [back('default'), REMOVE]);
  });

  test('of this job stays as it is, also when the user has turned to another one', async () => {
    const used = await use(line('default', 'unix:///var/run/docker.sock', true) + OURS, true);
    assert.deepEqual(used.commands, [LIST]);
    assert.deepEqual(used.journal.steps, []);
  });

  test('that the job removed is made again', async () => {
    const used = await use(line('default', 'unix:///var/run/docker.sock', true), true);
    assert.deepEqual(used.commands, [LIST, CREATE, USE]);
  });

  test('of that name that is not ours is left alone, with what to do', async () => {
    const fake = fakeHost({ answers: [[/context ls/, line('lazypull', 'tcp://theirs:2376')]] });
    const journal = new Journal(() => {});
    await assert.rejects(useContext(fake.host, journal, { endpoint: ENDPOINT, reuse: false }), {
      code: 'CONFIG',
      message: /tcp:\/\/theirs:2376[^]*docker context rm lazypull/,
    });
    assert.deepEqual([fake.commands, journal.steps], [[LIST], []]);
  });

  test('is noted before it is made', async () => {
    const answers: Answer[] = [
      [/create/, { status: 1, stderr: 'disk full' }],
      [/context ls/, line('default', '', true)],
    ];
    const journal = new Journal(() => {});
    const used = useContext(fakeHost({ answers }).host, journal, { endpoint: ENDPOINT, reuse: false });
    await assert.rejects(used, /disk full/);
    assert.equal(journal.steps.length, 2);
  });

  test('does not count for the client where a variable does: only then that is set', () => {
    assert.deepEqual(contextEnvironment({}, ENDPOINT), {});
    assert.deepEqual(contextEnvironment({ DOCKER_HOST: '', DOCKER_CONTEXT: '' }, ENDPOINT), {});
    assert.deepEqual(contextEnvironment({ DOCKER_HOST: 'unix:///x' }, ENDPOINT), { DOCKER_HOST: ENDPOINT });
    assert.deepEqual(contextEnvironment({ DOCKER_CONTEXT: 'mine' }, ENDPOINT), { DOCKER_CONTEXT: 'lazypull' });
  });

  test('is read from lines of JSON; what is none is left out', () => {
    assert.deepEqual(parseContexts(`${OURS}\nwarning: x\n{"Name": 1}\nnull\n${line('b', '', true)}`), [
      { name: 'lazypull', endpoint: ENDPOINT, current: false },
      { name: 'b', endpoint: '', current: true },
    ]);
  });
});
