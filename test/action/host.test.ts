import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { createHost, findRootWay } from '../../action/host.ts';
import { needs } from '../support/needs.ts';
import { SudoUser } from '../support/sudo-user.ts';
import { until } from '../support/until.ts';

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-host-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Also when nobody has asked for its status yet. */
function hasEnded(pid: number): boolean {
  assert.ok(pid > 1);
  return !existsSync(`/proc/${pid}`) || / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

suite('commands', () => {
  const host = createHost('none');

  test('a command gives its status and both outputs', async () => {
    const result = await host.try(['sh', '-c', 'cat; echo err >&2; exit 3'], { input: 'in' });
    assert.deepEqual(result, { status: 3, stdout: 'in', stderr: 'err\n' });
  });

  test('a program that does not exist is status 127', async () => {
    assert.equal((await host.try(['/nowhere/program'])).status, 127);
  });

  test('a program that does not read its input is judged by its status', async () => {
    assert.equal((await host.try(['true'], { input: 'x'.repeat(1 << 20) })).status, 0);
  });

  test('run rejects with the command and what it said last', async () => {
    await assert.rejects(host.run(['sh', '-c', 'echo one; echo two >&2; exit 5']), {
      code: 'SYSTEM',
      message: /status 5: two$/,
    });
    assert.equal(await host.run(['echo', 'fine']), 'fine\n');
  });

  test('the time limit ends a command and those that it started, which hold its pipes', async () => {
    const result = await host.try(['sh', '-c', 'sleep 600 & echo $!; wait'], { timeoutMs: 300 });
    assert.equal(result.status, -1);
    assert.match(result.stderr, /no end after 0.3 s/);
    await until(() => hasEnded(Number(result.stdout)), 'the end of sleep');
  });

  test('variables are added to the environment', async () => {
    assert.equal(await host.run(['sh', '-c', 'echo $ADDED'], { env: { ADDED: 'a b' } }), 'a b\n');
  });

  test('without root a command for root is refused and not run as somebody else', async () => {
    await assert.rejects(host.try(['true'], { root: true }), { code: 'FAILED_PRECONDITION' });
  });
});

suite('files as root', { skip: needs('root') }, () => {
  const host = createHost('root');

  test('a new file gets its mode, whatever the umask, and its folders are made', async (t) => {
    const path = join(folder(t), 'a', 'b', 'file');
    await host.write(path, 'text', 0o664);
    assert.equal(readFileSync(path, 'utf8'), 'text');
    assert.equal(modeOf(path), 0o664);
  });

  test('a file that is there keeps its owner and mode, and nothing else is left beside it', async (t) => {
    const dir = folder(t);
    const path = join(dir, 'file');
    writeFileSync(path, 'before');
    chmodSync(path, 0o640);
    chownSync(path, 61_001, 61_002);
    await host.write(path, 'after', 0o644);
    const { uid, gid } = statSync(path);
    assert.deepEqual([readFileSync(path, 'utf8'), modeOf(path), uid, gid], ['after', 0o640, 61_001, 61_002]);
    assert.deepEqual(readdirSync(dir), ['file']);
  });

  test('a link stays a link: what it points at is written', async (t) => {
    const dir = folder(t);
    writeFileSync(join(dir, 'real'), 'before');
    symlinkSync('real', join(dir, 'link'));
    await host.write(join(dir, 'link'), 'after');
    assert.equal(readFileSync(join(dir, 'real'), 'utf8'), 'after');
    assert.equal(readlinkSync(join(dir, 'link')), 'real');
  });

  test('what could not be written leaves the file as it was, and nothing beside it', async (t) => {
    const dir = folder(t);
    mkdirSync(join(dir, 'path'));
    await assert.rejects(host.write(join(dir, 'path'), 'text'));
    assert.deepEqual(readdirSync(dir), ['path']);
  });

  test('a file that is not there reads as undefined, another failure rejects', async (t) => {
    const dir = folder(t);
    assert.equal(await host.read(join(dir, 'none')), undefined);
    assert.equal(await host.exists(join(dir, 'none')), false);
    assert.equal(await host.exists(dir), true);
    await assert.rejects(host.read(dir), { code: 'EISDIR' });
  });

  test('copies keep owner and mode; removing takes folders and what is not there', async (t) => {
    const dir = folder(t);
    writeFileSync(join(dir, 'from'), 'x');
    chmodSync(join(dir, 'from'), 0o604);
    chownSync(join(dir, 'from'), 61_001, 0);
    await host.copy(join(dir, 'from'), join(dir, 'to'));
    assert.deepEqual([modeOf(join(dir, 'to')), statSync(join(dir, 'to')).uid], [0o604, 61_001]);
    await host.remove(dir);
    await host.remove(dir);
    assert.equal(existsSync(dir), false);
    await assert.rejects(host.copy(join(dir, 'from'), join(dir, 'to')), { code: 'SYSTEM', message: /copy .*from/ });
  });

  test('this process is root', async () => {
    assert.equal(await findRootWay(), 'root');
  });
});

const PREAMBLE = `import { createHost, findRootWay } from './action/host.ts';
const host = createHost('sudo');
const answer = (value: unknown): void => console.log(JSON.stringify(value));
`;

async function ask(user: SudoUser, body: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { stdout } = await user.script(`${PREAMBLE}${body}`, env);
  return JSON.parse(stdout);
}

suite('a user with sudo', { skip: needs('root', 'setpriv') }, () => {
  test('the way to root is sudo, and without permission there is none', async () => {
    using able = new SudoUser({ sudo: true });
    using unable = new SudoUser({ sudo: false });
    assert.equal(await ask(able, 'answer(await findRootWay());'), 'sudo');
    assert.equal(await ask(unable, 'answer(await findRootWay());'), 'none');
  });

  test('commands run as the user unless they are for root', async () => {
    using user = new SudoUser({ sudo: true });
    const ids = await ask(
      user,
      `answer([await host.run(['id', '-u']), await host.run(['id', '-u'], { root: true })]);`,
    );
    assert.deepEqual(ids, [`${user.uid}\n`, '0\n']);
  });

  test('variables reach root by name: their values are in no argument, and others do not come along', async () => {
    using user = new SudoUser({ sudo: true });
    const script = `answer(await host.run(['sh', '-c', 'echo $SECRET-$OTHER'], { root: true, env: { SECRET: 's3cret x' } }));`;
    assert.equal(await ask(user, script, { OTHER: 'no' }), 's3cret x-\n');
    assert.doesNotMatch(readFileSync(join(user.dir, 'bin', 'log'), 'utf8'), /s3cret/);
  });

  test('the time limit ends what runs as root too, which the user has no right to end', async () => {
    using user = new SudoUser({ sudo: true });
    const script = `answer(await host.try(['sh', '-c', 'echo $$; exec sleep 600'], { root: true, timeoutMs: 400 }));`;
    const { status, stdout } = (await ask(user, script)) as { status: number; stdout: string };
    assert.equal(status, -1);
    await until(() => hasEnded(Number(stdout)), 'the end of sleep');
  });

  test('a file of root is read, written and removed; it keeps owner and mode', async (t) => {
    using user = new SudoUser({ sudo: true });
    const dir = folder(t);
    chmodSync(dir, 0o700);
    const path = join(dir, 'deep', 'file');
    mkdirSync(join(dir, 'deep'));
    writeFileSync(path, 'before');
    chmodSync(path, 0o600);
    chownSync(path, 61_005, 61_006);
    const script = `const path = ${JSON.stringify(path)};
const read = await host.read(path);
await host.write(path, 'after', 0o644);
await host.write(path + '-new', 'new', 0o640);
answer([read, await host.read(path + '-none'), await host.exists(path), await host.exists(path + '-none')]);`;
    assert.deepEqual(await ask(user, script), ['before', null, true, false]);
    const { uid, gid } = statSync(path);
    assert.deepEqual([readFileSync(path, 'utf8'), modeOf(path), uid, gid], ['after', 0o600, 61_005, 61_006]);
    assert.deepEqual([readFileSync(`${path}-new`, 'utf8'), modeOf(`${path}-new`)], ['new', 0o640]);
    assert.deepEqual(readdirSync(join(dir, 'deep')), ['file', 'file-new']);
    await ask(user, `await host.remove(${JSON.stringify(join(dir, 'deep'))}); answer(true);`);
    assert.equal(existsSync(join(dir, 'deep')), false);
  });

  test('folders that are made for a file can be entered by everybody', async (t) => {
    using user = new SudoUser({ sudo: true });
    const dir = folder(t);
    await ask(user, `await host.write(${JSON.stringify(join(dir, 'a', 'f'))}, 'x', 0o600); answer(true);`);
    assert.deepEqual([modeOf(join(dir, 'a')), modeOf(join(dir, 'a', 'f'))], [0o755, 0o600]);
  });

  test('a link stays a link, and a path is never a command or a flag', async (t) => {
    using user = new SudoUser({ sudo: true });
    const dir = folder(t);
    writeFileSync(join(dir, 'real'), 'before');
    symlinkSync('real', join(dir, 'link'));
    const odd = join(dir, '$(touch hacked) "a\' -n');
    const script = `await host.write(${JSON.stringify(join(dir, 'link'))}, 'after');
await host.write(${JSON.stringify(odd)}, 'odd');
answer(await host.read(${JSON.stringify(odd)}));`;
    assert.equal(await ask(user, script), 'odd');
    assert.equal(readFileSync(join(dir, 'real'), 'utf8'), 'after');
    assert.deepEqual(readdirSync(dir).toSorted(), ['$(touch hacked) "a\' -n', 'link', 'real']);
  });

  test('what could not be written rejects with its path, and leaves nothing', async (t) => {
    using user = new SudoUser({ sudo: true });
    const dir = folder(t);
    mkdirSync(join(dir, 'path', 'x'), { recursive: true });
    const path = join(dir, 'path', 'x', 'file');
    writeFileSync(join(dir, 'file'), '');
    const script = `answer(await host.write(${JSON.stringify(join(dir, 'file', 'below'))}, 'x').catch((error) => error.message));`;
    assert.match(String(await ask(user, script)), /^write .*file\/below: status \d+: /);
    assert.equal(existsSync(path), false);
  });
});
