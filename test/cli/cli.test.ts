// The command as a process: exit codes, what goes to stdout, what to stderr.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from '../../src/config.ts';
import { startControl, type ControlHandlers } from '../../src/daemon/control.ts';
import { createMetrics } from '../../src/daemon/metrics.ts';
import { LazypullError, UserError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log.ts';
import { digestOf } from '../../src/oci/digest.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { sampleStatus } from '../support/daemon-status.ts';
import { findProgram, needs } from '../support/needs.ts';
import { run, type RunResult } from '../support/run.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const lazypull = (...args: string[]): Promise<RunResult> =>
  run(process.execPath, [MAIN, ...args], { check: false, timeoutMs: 30_000 });

function scratch(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-cli-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function daemonAt(t: TestContext, handlers: Partial<ControlHandlers> = {}): Promise<string> {
  const socket = join(scratch(t), 'control.sock');
  const server = await startControl({
    socket,
    log: silentLogger,
    handlers: {
      health: () => ({ ok: true, detail: 'ok' }),
      status: sampleStatus,
      metrics: () => createMetrics(sampleStatus).render(),
      config: () => 'root = "/running"\n',
      warm: () => {},
      pull: () => Promise.reject(new LazypullError('UNAVAILABLE', 'no pulls here')),
      hotSave: () => Promise.reject(new Error('no packs here')),
      hotLoad: () => Promise.reject(new Error('no packs here')),
      drain: () => Promise.resolve(undefined),
      restart: () => {},
      ...handlers,
    },
  });
  t.after(() => server.close());
  return socket;
}

const CASES: readonly (readonly [
  title: string,
  args: readonly string[],
  status: number,
  stream: 'stdout' | 'stderr',
  text: RegExp,
])[] = [
  ['help', ['--help'], 0, 'stdout', /Examples:[^]*lazypull pull ghcr\.io[^]*Exit codes:/],
  ['help of a command', ['pull', '--help'], 0, 'stdout', /--plain-http[^]*Examples:/],
  ['help of the daemon', ['daemon', '--help'], 0, 'stdout', /--fuse-transport <NAME>[^]*SIGHUP/],
  ['the version', ['--version'], 0, 'stdout', new RegExp(`^${packageJson.version}\n$`)],
  ['no command', [], 2, 'stderr', /Usage: lazypull/],
  ['an unknown command', ['pul'], 2, 'stderr', /^lazypull: unknown command 'pul'[^]*pull[^]*lazypull --help/],
  ['an unknown flag', ['status', '--jsn'], 2, 'stderr', /unknown option '--jsn'/],
  ['a missing argument', ['pull'], 2, 'stderr', /missing required argument 'REF'/],
  ['an image that is no name', ['pull', 'A B'], 2, 'stderr', /An image is named like/],
  [
    'a platform that is none',
    ['pull', 'a', '--platform', '//'],
    2,
    'stderr',
    /A platform is written like linux\/arm64/,
  ],
  [
    'a containerd that is not there',
    ['pull', 'r.test/a:1', '--address', '/nonexistent/c.sock'],
    2,
    'stderr',
    /containerd does not answer at \/nonexistent\/c\.sock/,
  ],
  [
    'a daemon that is not there',
    ['status', '--socket', '/nonexistent/c.sock'],
    3,
    'stderr',
    /no daemon answers on \/nonexistent\/c\.sock \(ENOENT\)\n {2}Start one/,
  ],
  ['restart without a daemon', ['restart', '--socket', '/nonexistent/c.sock'], 3, 'stderr', /no daemon answers/],
  [
    'an explicit configuration that is not there',
    ['config', '--config', '/nonexistent.toml'],
    2,
    'stderr',
    /can't read the config file \/nonexistent\.toml: ENOENT/,
  ],
  [
    'an unknown flag of the daemon',
    ['daemon', '--rot=/x'],
    2,
    'stderr',
    /Unknown option '--rot'[^]*lazypull daemon --help/,
  ],
  ['an argument of the daemon', ['daemon', 'now'], 2, 'stderr', /Unexpected argument 'now'/],
  [
    'a wrong value of a flag of the daemon',
    ['daemon', '--log-level', 'loud'],
    2,
    'stderr',
    /flag: log\.level: wants one of/,
  ],
  ['a limit that is no size', ['cache', 'save', 'd', '--limit', 'much'], 2, 'stderr', /--limit wants/],
  ['a cache without a folder', ['cache', 'save'], 2, 'stderr', /missing required argument 'DIR'/],
  ['help of the cache', ['cache', '--help'], 0, 'stdout', /save [^]*load [^]*Examples:[^]*cache load \/var/],
  ['a shell without completion', ['completion', 'tcsh'], 2, 'stderr', /Use one of: bash, zsh, fish/],
];

for (const [title, args, status, stream, text] of CASES) {
  test(`${title}: status ${status}, said on ${stream}`, async () => {
    const result = await lazypull(...args);
    assert.match(result[stream], text);
    assert.equal(result.status, status, result.stderr);
    assert.equal(result[stream === 'stdout' ? 'stderr' : 'stdout'], '');
    assert.doesNotMatch(result.stderr, /\n\s+at /, 'a stack is no message');
  });
}

test('config prints what the file says and where it stands', async (t) => {
  const path = join(scratch(t), 'a.toml');
  writeFileSync(path, '[fuse]\nworkers = 3\n');
  const { status, stdout } = await lazypull('config', '--config', path);
  assert.equal(status, 0);
  assert.ok(stdout.includes(`workers = 3 # ${path}:2\n`));
  assert.equal(resolveConfig(stdout, path).config.fuse.workers, 3);
});

test('config asks the running daemon when told to', async (t) => {
  const socket = await daemonAt(t);
  assert.equal((await lazypull('config', '--running', '--socket', socket)).stdout, 'root = "/running"\n');
});

test('status finds the socket of the configuration and gives the whole document as JSON', async (t) => {
  const socket = await daemonAt(t);
  const config = join(scratch(t), 'a.toml');
  writeFileSync(config, `control.socket = "${socket}"`);
  const { status, stdout } = await lazypull('status', '--config', config, '--json');
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), sampleStatus());
});

test('status says what is not lazy, and why', async (t) => {
  const { stdout } = await lazypull('status', '--socket', await daemonAt(t));
  assert.match(stdout, /registry\.test\/other:1[^]*ordinary {2,}the blob has no table of contents/);
});

test('a daemon that answers an error is a failure, not a missing daemon', async (t) => {
  const socket = await daemonAt(t, { status: () => Promise.reject(new Error('no database')) });
  const { status, stderr } = await lazypull('status', '--socket', socket);
  assert.equal(status, 1);
  assert.match(stderr, /the daemon answers 500 to GET \/v1\/status: .*no database/);
});

test('cache save asks for what the flags say, and says what was saved and what not', async (t) => {
  const digest = digestOf(Buffer.from('layer'));
  const asked: unknown[] = [];
  const saved = { layers: 2, chunks: 1, bytes: 1_500_000, skipped: [{ digest, reason: 'no\u001b[31m room' }] };
  const socket = await daemonAt(t, { hotSave: async (request) => (asked.push(request), saved) });
  const flags = ['--socket', socket];
  const { stdout, status } = await lazypull('cache', 'save', '/var/cache/hot', ...flags);
  assert.equal(status, 0);
  assert.equal(
    stdout,
    `saved 2 layers, 1 chunk, 1.5 MB to /var/cache/hot\n  ${digest.slice(0, 19)}  not saved: no?[31m room\n`,
  );
  const more = ['--limit', '1MB', '--skip-private', '--json'];
  const { stdout: json } = await lazypull('cache', 'save', 'here', ...more, ...flags);
  assert.deepEqual(JSON.parse(json), saved);
  assert.deepEqual(asked, [
    { directory: '/var/cache/hot', limitBytes: 256 * 1024 * 1024, skipPrivate: false },
    { directory: resolve('here'), limitBytes: 1_000_000, skipPrivate: true },
  ]);
});

test('cache load says what was loaded and what not', async (t) => {
  const refused = [{ file: 'x.hot', reason: 'hot pack: wrong checksum' }];
  const loaded = { layers: 1, chunks: 3, bytes: 12_288, damagedChunks: 1, ms: 210, refused };
  const socket = await daemonAt(t, { hotLoad: async () => loaded });
  const { stdout, status } = await lazypull('cache', 'load', '/var/cache/hot', '--socket', socket);
  assert.equal(status, 0);
  assert.equal(
    stdout,
    'loaded 1 layer, 3 chunks, 12.3 kB in 0.21 s, 1 chunk damaged and left out\n  x.hot  not used: hot pack: wrong checksum\n',
  );
  const { stdout: json } = await lazypull('cache', 'load', '/var/cache/hot', '--socket', socket, '--json');
  assert.deepEqual(JSON.parse(json), loaded);
});

const HOT_ERRORS: readonly (readonly [title: string, error: Error, status: number, stderr: RegExp])[] = [
  ['what the user has to change', new UserError('the folder is not empty'), 2, /^lazypull: the folder is not empty\n$/],
  ['what this machine can not do', new LazypullError('UNSUPPORTED', 'no EROFS'), 1, /^lazypull: no EROFS\n$/],
  ['what nobody foresaw', new Error('oops'), 1, /the daemon answers 500 to POST \/v1\/hot\/load: .*oops/],
];

for (const [title, error, wanted, text] of HOT_ERRORS) {
  test(`cache load passes on ${title}: status ${wanted}`, async (t) => {
    const socket = await daemonAt(t, { hotLoad: () => Promise.reject(error) });
    const { status, stderr } = await lazypull('cache', 'load', '/var/cache/hot', '--socket', socket);
    assert.equal(status, wanted);
    assert.match(stderr, text);
  });
}

test('restart waits for the next process', async (t) => {
  let pid = 100;
  const socket = await daemonAt(t, { status: () => ({ ...sampleStatus(), pid }), restart: () => void (pid = 200) });
  const { status, stdout } = await lazypull('restart', '--socket', socket);
  assert.deepEqual([status, stdout], [0, 'restarted: pid 100 -> 200\n']);
});

const SHELLS = [
  // Without --norc a bash whose standard input is a socket, as Node's are, reads what the user has set.
  ['bash', '--norc', '-n'],
  ['zsh', '-n'],
  ['fish', '--no-execute'],
] as const;
// Every machine has bash; the others are asked where somebody uses them.
for (const [shell, ...check] of SHELLS.filter(([name]) => name === 'bash' || findProgram(name) !== undefined)) {
  test(`the completion for ${shell} is a script that ${shell} takes`, { skip: needs(shell) }, async (t) => {
    const path = join(scratch(t), 'completion');
    const { stdout, status } = await lazypull('completion', shell);
    assert.equal(status, 0);
    writeFileSync(path, stdout);
    await run(shell, [...check, path]);
  });
}

test('bash completes commands, flags and values', { skip: needs('bash') }, async (t) => {
  const path = join(scratch(t), 'completion');
  writeFileSync(path, (await lazypull('completion', 'bash')).stdout);
  const complete = async (...words: string[]): Promise<string[]> => {
    const script = `source ${path}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _lazypull; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await run(findProgram('bash') ?? '', ['--norc', '-c', script])).stdout.trim().split('\n');
  };
  assert.deepEqual(await complete('lazypull', 'st'), ['status']);
  assert.deepEqual(await complete('lazypull', 'pull', '--pl'), ['--platform', '--plain-http']);
  assert.deepEqual(await complete('lazypull', 'daemon', '--tier', ''), ['auto', 'A', 'B', 'off']);
  assert.deepEqual(await complete('lazypull', 'completion', 'f'), ['fish']);
  assert.deepEqual(await complete('lazypull', 'cache', 's'), ['save']);
  assert.deepEqual(await complete('lazypull', 'cache', 'save', '--sk'), ['--skip-private']);
  assert.deepEqual(await complete('lazypull', 'status', '--tier'), ['']);
});
