import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { asRoot, childEnvironment, failureText, runChild } from '../../../action/convert/child.ts';
import { LazypullError } from '../../../src/errors.ts';

const NEVER = new AbortController().signal;
const node = (code: string): string[] => [process.execPath, '-e', code];

suite('a child', () => {
  test('gives its output as a whole and its errors by lines', async () => {
    const lines: string[] = [];
    const code = `process.stdout.write('{"a":'); console.error('one'); console.error('two'); process.stdout.write('1}')`;
    assert.equal(await runChild(node(code), (line) => lines.push(line), NEVER), '{"a":1}');
    assert.deepEqual(lines, ['one', 'two']);
  });

  test('that fails is an error with what it said', async () => {
    const code = `console.error('noise'); console.error('lazypull: no\\n  do this'); process.exit(2)`;
    await assert.rejects(
      runChild(node(code), () => {}, NEVER),
      (error) => {
        assert.ok(error instanceof LazypullError);
        assert.equal(error.message, 'no\n  do this');
        return true;
      },
    );
  });

  test('that can not be started is an error', async () => {
    await assert.rejects(
      runChild(['/nonexistent/program'], () => {}, NEVER),
      /ENOENT/,
    );
  });

  test('is interrupted with the step, and has ended then', async () => {
    const controller = new AbortController();
    const code = `process.on('SIGINT', () => { console.error('interrupted'); process.exit(130) }); console.error('ready'); setInterval(() => {}, 1000)`;
    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(line);
      if (line === 'ready') controller.abort(new Error('cancelled'));
    };
    await assert.rejects(runChild(node(code), onLine, controller.signal), /cancelled/);
    assert.deepEqual(lines, ['ready', 'interrupted']);
  });
});

test('root gets what says where credentials are, by name, and no values in arguments', () => {
  const env = { DOCKER_CONFIG: '/home/runner/.docker', HTTPS_PROXY: 'http://user:secret@proxy.test', SECRET: 'x' };
  const line = asRoot(['node', 'x'], 'sudo', env);
  assert.deepEqual(line, ['sudo', '-n', '--preserve-env=DOCKER_CONFIG,HTTPS_PROXY', '--', 'node', 'x']);
  for (const way of ['root', 'none'] as const) assert.deepEqual(asRoot(['node', 'x'], way, env), ['node', 'x']);
});

test("the runner's user is whose credentials are meant", () => {
  assert.equal(childEnvironment({ HOME: '/home/runner' })['DOCKER_CONFIG'], '/home/runner/.docker');
  assert.equal(childEnvironment({ HOME: '/home/runner', DOCKER_CONFIG: '/d' })['DOCKER_CONFIG'], '/d');
  assert.deepEqual(childEnvironment({}), {});
});

for (const [lines, status, text] of [
  [['a', 'lazypull: x', '  fix'], 2, 'x\n  fix'],
  [['lazypull: old', 'b', 'lazypull: new'], 1, 'new'],
  [['sudo: a password is required'], 1, 'sudo: a password is required'],
  [[], 'SIGKILL', 'it ended with SIGKILL and said nothing'],
] as const) {
  test(`${JSON.stringify(lines)} says why: ${JSON.stringify(text)}`, () =>
    assert.equal(failureText(lines, status), text));
}
