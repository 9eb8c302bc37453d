// Jobs in the runner harness, with an action that uses GitHub's own library and with scripts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CacheService } from './cache-service.ts';
import { needs } from './needs.ts';
import { endOrphans, executeLocally } from './runner-execute.ts';
import type { Execute, JobOptions, JobResult } from './runner-job.ts';
import { runJob } from './runner.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/runner-action', import.meta.url));

/** A folder with an action of its own. */
class ActionFolder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), 'lazypull-action-'));

  /** @param runs are further lines of `runs:`. */
  constructor(main: string, post?: string, runs: readonly string[] = []) {
    const lines = ['using: node24', 'main: main.mjs', ...(post === undefined ? [] : ['post: post.mjs']), ...runs];
    const text = ['name: Test', 'description: Of the runner', 'runs:', ...lines.map((line) => `  ${line}`), ''];
    writeFileSync(join(this.path, 'action.yml'), text.join('\n'));
    writeFileSync(join(this.path, 'main.mjs'), main);
    if (post !== undefined) writeFileSync(join(this.path, 'post.mjs'), post);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** What a job of one script says. */
async function outputOf(run: string, options: Partial<JobOptions> = {}): Promise<string> {
  await using job = await runJob({ ...options, steps: [{ id: 'only', run }] });
  assert.equal(job.conclusion, 'success', job.log);
  return job.step('only').stdout;
}

suite('an action', () => {
  const steps = [
    { id: 'act', uses: FIXTURE, with: { message: 'hi', 'folder for path': '/of/the/action' } },
    { id: 'after', run: 'echo "$FIXTURE in $PATH"; echo LATER=set >> "$GITHUB_ENV"' },
  ];

  test('gets inputs and defaults, and its outputs, environment and path reach later steps', async () => {
    await using job = await runJob({
      steps: [...steps, { id: 'use', run: "echo '${{ steps.act.outputs.message }}'" }],
    });
    assert.equal(job.conclusion, 'success', job.log);
    assert.deepEqual(job.step('act').outputs, { message: 'hi\n=<<' });
    assert.match(job.step('after').stdout, /^of hi in \/of\/the\/action:/);
    assert.equal(job.step('use').stdout, 'hi\n=<<');
    assert.deepEqual(job.path, ['/of/the/action']);
    assert.deepEqual(job.env, { FIXTURE: 'of hi', LATER: 'set' });
  });

  test('has a post that gets its state, its inputs and the environment of all steps', async () => {
    await using job = await runJob({ steps });
    assert.deepEqual(
      job.steps.map(({ id, stage }) => `${stage} ${id}`),
      ['main act', 'main after', 'post act'],
    );
    assert.equal(job.post('act').stdout, 'state kept hi\ninput hi\nenvironment set');
    assert.deepEqual(job.post('act').state, { message: 'kept hi' });
    assert.throws(() => job.post('after'), /no post of a step after; there are main act, main after, post act/);
  });

  test('makes annotations with file and line, and groups', async () => {
    await using job = await runJob({ steps });
    const [notice, warning, ...others] = job.step('act').annotations;
    assert.deepEqual(notice, {
      level: 'notice',
      message: 'look, here: 100%',
      title: 'Title, with: marks',
      file: 'a/Dockerfile',
      line: 3,
      endLine: undefined,
      column: undefined,
      endColumn: undefined,
    });
    assert.deepEqual([warning?.level, warning?.message], ['warning', 'from standard error']);
    assert.deepEqual(others, []);
    assert.deepEqual(job.step('act').groups, ['Phase']);
  });

  test('writes a summary in each stage', async () => {
    await using job = await runJob({ steps });
    assert.match(job.step('act').summary, /^<h1>Heading<\/h1>/);
    assert.equal(job.step('after').summary, '');
    assert.equal(job.post('act').summary, 'from post');
  });

  test('has its secrets masked in output, annotations and summary, and the token of the job too', async () => {
    await using job = await runJob({ steps, token: 'of-the-job' });
    assert.match(job.step('act').stdout, /^token \*\*\*, \*\*\*$/m);
    assert.match(job.step('act').summary, /\*\*\*$/m);
    assert.doesNotMatch(job.log, /of-the-job|second line/);
    assert.deepEqual(job.masks, ['of-the-job', 'first line\nsecond line', 'first line', 'second line']);
  });

  test('that fails ends the job as failed, and its post runs', async () => {
    const failing = { ...steps[0], uses: FIXTURE, with: { fail: 'true', 'folder for path': '/x' } };
    await using job = await runJob({
      steps: [failing, { id: 'next', run: 'true' }, { id: 'if', if: 'failure()', run: 'echo ran' }],
    });
    assert.equal(job.conclusion, 'failure');
    assert.equal(job.step('act').outcome, 'failure');
    assert.equal(job.step('act').status, 1);
    const errors = job.step('act').annotations.filter(({ level }) => level === 'error');
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['main failed as it was told'],
    );
    assert.equal(job.step('next').outcome, 'skipped');
    assert.equal(job.step('if').stdout, 'ran');
    assert.equal(job.post('act').outcome, 'success');
  });

  test('that gets an input which it does not know is warned, and runs', async () => {
    await using job = await runJob({
      steps: [{ id: 'act', uses: FIXTURE, with: { mesage: 'x', 'FOLDER for path': '/x' } }],
    });
    assert.equal(job.conclusion, 'success', job.log);
    assert.match(
      job.annotations[0]?.message ?? '',
      /^Unexpected input\(s\) 'mesage', valid inputs are \['message', 'token'/,
    );
    assert.equal(job.step('act').outputs['message'], 'hello\n=<<');
    assert.deepEqual(job.path, ['/x']);
  });

  test('says in debug logs what it says nowhere else', async () => {
    await using quiet = await runJob({ steps });
    assert.doesNotMatch(quiet.log, /curious/);
    await using loud = await runJob({ steps, debug: true });
    assert.match(loud.step('act').stdout, /^##\[debug\]only for the curious$/m);
  });
});

suite('posts', () => {
  const say = (text: string): string => `console.log(${JSON.stringify(text)})`;

  test('run in reverse, with the state of their own main', async () => {
    using action = new ActionFolder(
      "import { appendFileSync } from 'node:fs'; appendFileSync(process.env.GITHUB_STATE, `n=${process.env.N}\\n`)",
      'console.log(process.env.STATE_n)',
    );
    const steps = ['1', '2', '3'].map((n) => ({ id: n, uses: action.path, env: { N: n } }));
    await using job = await runJob({ steps });
    assert.deepEqual(
      job.steps.slice(3).map(({ id, stdout }) => [id, stdout]),
      [
        ['3', '3'],
        ['2', '2'],
        ['1', '1'],
      ],
    );
  });

  test('of skipped steps do not run, and post-if decides about the others', async () => {
    using onSuccess = new ActionFolder(say('main'), say('post'), ['post-if: success()']);
    using onFailure = new ActionFolder(say('main'), say('post'), ['post-if: failure()']);
    const steps = [
      { id: 'skipped', if: 'false', uses: onSuccess.path },
      { id: 'success', uses: onSuccess.path },
      { id: 'failure', uses: onFailure.path },
    ];
    await using good = await runJob({ steps });
    assert.throws(() => good.post('skipped'), /no post/);
    assert.deepEqual([good.post('success').outcome, good.post('failure').outcome], ['success', 'skipped']);
    await using bad = await runJob({ steps: [...steps, { run: 'false' }] });
    assert.deepEqual([bad.post('success').outcome, bad.post('failure').outcome], ['skipped', 'success']);
  });

  test('that fail make the job fail', async () => {
    using action = new ActionFolder(say('main'), 'process.exit(3)');
    await using job = await runJob({ steps: [{ id: 'a', uses: action.path }] });
    assert.equal(job.step('a').outcome, 'success');
    assert.equal(job.post('a').status, 3);
    assert.equal(job.conclusion, 'failure');
  });

  test('run in a cancelled job, which ends the step that runs', async () => {
    using action = new ActionFolder('', say('post'));
    const controller = new AbortController();
    const execute: Execute = (command, options) => {
      const execution = executeLocally(command, options);
      if (command[0] === 'bash') controller.abort();
      return execution;
    };
    await using job = await runJob({
      execute,
      signal: controller.signal,
      steps: [
        { id: 'a', uses: action.path },
        { id: 'long', run: 'exec sleep 1000' },
        { id: 'next', run: 'true' },
        { id: 'cleanup', if: 'cancelled()', run: 'echo cleaned' },
      ],
    });
    assert.equal(job.conclusion, 'cancelled');
    assert.equal(job.step('next').outcome, 'skipped');
    assert.equal(job.step('cleanup').stdout, 'cleaned');
    assert.equal(job.post('a').stdout, 'post');
  });
});

suite('steps', () => {
  test('that may fail count as successes, and say that they failed', async () => {
    await using job = await runJob({
      steps: [
        { id: 'may', run: 'exit 7', continueOnError: true },
        { id: 'next', run: "echo '${{ steps.may.outcome }} ${{ steps.may.conclusion }}'" },
      ],
    });
    assert.equal(job.conclusion, 'success');
    assert.equal(job.step('next').stdout, 'failure success');
    assert.equal(job.step('may').annotations[0]?.message, 'Process completed with exit code 7.');
  });

  test('run scripts that end at the first failure, also within a pipe', async () => {
    await using job = await runJob({ steps: [{ id: 'pipe', run: 'false | true\necho not reached' }] });
    assert.equal(job.conclusion, 'failure');
    assert.doesNotMatch(job.step('pipe').stdout, /not reached/);
    await using loose = await runJob({ steps: [{ id: 'pipe', shell: 'sh', run: 'false | true\necho reached' }] });
    assert.equal(loose.step('pipe').stdout, 'reached');
  });

  test('have shells of their own, with the script in its place', async () => {
    await using job = await runJob({ steps: [{ id: 'a', shell: 'env -i cat {0}', run: 'echo $SHELL' }] });
    assert.equal(job.step('a').stdout, 'echo $SHELL');
    await assert.rejects(runJob({ steps: [{ shell: 'fish', run: '' }] }), /shell fish is none of bash, sh, python/);
  });

  test('see variables of job and step, the later ones first, and not those of other steps', async () => {
    await using job = await runJob({
      jobEnv: { A: 'job', B: 'job' },
      steps: [
        { id: 'one', env: { B: 'step', C: '${{ env.A }} and ${{ github.repository }}' }, run: 'echo "$A $B $C"' },
        { id: 'two', run: 'echo "$A $B ${C-unset}"' },
      ],
    });
    assert.equal(job.step('one').stdout, 'job step job and octo-org/example');
    assert.equal(job.step('two').stdout, 'job job unset');
  });

  test('see the folder that was added last first, and each once', async () => {
    const add = (folder: string) => ({ run: `echo ${folder} >> "$GITHUB_PATH"` });
    await using job = await runJob({ steps: [add('/a'), add('/b'), add('/a'), { id: 'see', run: 'echo "$PATH"' }] });
    assert.match(job.step('see').stdout, /^\/a:\/b:(?!.*\/b:)/);
    assert.deepEqual(job.path, ['/a', '/b']);
  });

  test('can not override what the runner says, nor set NODE_OPTIONS for others', async () => {
    await using job = await runJob({
      steps: [
        { id: 'set', run: 'echo GITHUB_REPOSITORY=evil/evil >> "$GITHUB_ENV"; echo NODE_OPTIONS=--x >> "$GITHUB_ENV"' },
        { id: 'see', run: 'echo "$GITHUB_REPOSITORY ${NODE_OPTIONS-unset}"' },
      ],
    });
    assert.equal(job.step('see').stdout, 'octo-org/example unset');
    assert.equal(job.step('set').outcome, 'success');
    assert.match(job.step('set').annotations[0]?.message ?? '', /^Can't store NODE_OPTIONS/);
  });

  test('that write broken files fail, and what they wrote to others counts', async () => {
    await using job = await runJob({
      steps: [
        {
          id: 'a',
          run: 'echo nonsense >> "$GITHUB_OUTPUT"; echo A=1 >> "$GITHUB_ENV"; echo "x<<EOF" >> "$GITHUB_STATE"',
        },
      ],
    });
    assert.equal(job.step('a').status, 0);
    assert.equal(job.step('a').outcome, 'failure');
    assert.deepEqual(job.env, { A: '1' });
    assert.deepEqual(
      job.annotations.map(({ message }) => message),
      [
        "Unable to process file command 'output' successfully. Invalid format 'nonsense'",
        "Unable to process file command 'state' successfully. Invalid value. Matching delimiter not found 'EOF'",
      ],
    );
  });

  test('write summaries up to 1 MiB, and longer ones are errors that fail nothing', async () => {
    const write = (bytes: number): string => `head -c ${bytes} /dev/zero | tr '\\0' x > "$GITHUB_STEP_SUMMARY"`;
    await using job = await runJob({
      steps: [
        { id: 'fits', run: write(1024 * 1024) },
        { id: 'long', run: write(1024 * 1024 + 1) },
      ],
    });
    assert.equal(job.conclusion, 'success');
    assert.equal(job.step('fits').summary.length, 1024 * 1024);
    assert.equal(job.step('long').summary, '');
    assert.equal(
      job.step('long').annotations[0]?.message,
      '$GITHUB_STEP_SUMMARY takes up to 1024k, got 1025k: not uploaded',
    );
  });

  test('are masked from the line on that names the secret', async () => {
    const text = await outputOf(
      'echo early s3cret; echo ::add-mask::s3cret; echo late s3cret; echo -n s3cret | base64',
    );
    assert.equal(text, 'early s3cret\nlate ***\n***');
  });
});

suite('background steps', () => {
  const touch = (name: string): string => `until test -e ${name}; do sleep 0.01; done`;

  test('run beside the next ones, and count when they are waited for', async () => {
    await using job = await runJob({
      steps: [
        {
          id: 'back',
          background: true,
          run: `echo A=1 >> "$GITHUB_ENV"; ${touch('go')}; echo o=2 >> "$GITHUB_OUTPUT"`,
        },
        { id: 'before', run: 'touch go; echo "${A-unset} ${{ steps.back.outputs.o }}"' },
        { wait: ['back'] },
        { id: 'after', run: 'echo "${A-unset} ${{ steps.back.outputs.o }}"' },
      ],
    });
    assert.equal(job.conclusion, 'success', job.log);
    assert.deepEqual([job.step('before').stdout, job.step('after').stdout], ['unset ', '1 2']);
    assert.deepEqual(
      job.steps.map(({ id }) => id),
      ['before', 'back', 'after'],
    );
  });

  test('that fail make the job fail when they are waited for, at the latest before posts', async () => {
    using action = new ActionFolder('', "console.log('post')", ['post-if: failure()']);
    await using job = await runJob({
      steps: [
        { id: 'act', background: true, uses: action.path },
        { id: 'bad', background: true, run: 'exit 1' },
        { id: 'next', run: 'true' },
      ],
    });
    assert.equal(job.conclusion, 'failure');
    assert.equal(job.step('next').outcome, 'success');
    assert.equal(job.post('act').stdout, 'post');
  });

  test('have an id, which is what they are waited for by', async () => {
    await assert.rejects(runJob({ steps: [{ background: true, run: 'true' }] }), /a background step needs an id/);
  });
});

suite('the runner', () => {
  test('is one of GitHub, and what it says can be changed or left out', async () => {
    const script = 'echo "$CI $GITHUB_ACTIONS $RUNNER_OS $RUNNER_ENVIRONMENT ${ImageOS-unset} $GITHUB_JOB"';
    assert.equal(await outputOf(script), 'true true Linux github-hosted ubuntu24 job');
    const changed = { env: { RUNNER_ENVIRONMENT: 'self-hosted' }, unset: ['ImageOS'] };
    assert.equal(await outputOf(script, changed), 'true true Linux self-hosted unset job');
  });

  test('gives the folders that it names, and the event', async () => {
    await using job = await runJob({
      event: { pull_request: { number: 5 } },
      steps: [
        {
          id: 'a',
          run: 'pwd; cat "$GITHUB_EVENT_PATH"; echo; for d in "$RUNNER_TEMP" "$RUNNER_TOOL_CACHE" "$HOME"; do test -d "$d" && echo dir; done',
        },
      ],
    });
    const [cwd, event, ...folders] = job.step('a').stdout.split('\n');
    assert.equal(cwd, job.workspace);
    const parsed = JSON.parse(event ?? '') as { repository: { private: boolean }; pull_request: { number: number } };
    assert.deepEqual([parsed.repository.private, parsed.pull_request.number], [false, 5]);
    assert.deepEqual(folders, ['dir', 'dir', 'dir']);
  });

  test('gives nothing of its own environment to steps', async () => {
    process.env['LAZYPULL_RUNNER_TEST'] = 'leaked';
    try {
      assert.equal(await outputOf('echo "${LAZYPULL_RUNNER_TEST-unset}"'), 'unset');
    } finally {
      delete process.env['LAZYPULL_RUNNER_TEST'];
    }
  });

  test('tells actions and no scripts where the cache is', async () => {
    await using service = await CacheService.start();
    const cache = { url: service.url, token: service.token() };
    const source =
      "console.log(['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_SERVICE_V2'].map((name) => process.env[name]).join(' '))";
    using action = new ActionFolder(source);
    await using job = await runJob({
      cache,
      steps: [
        { id: 'act', uses: action.path },
        { id: 'run', run: 'env' },
      ],
    });
    assert.equal(job.step('act').stdout, `${service.url} *** True`);
    assert.doesNotMatch(job.step('run').stdout, /ACTIONS_/);
  });

  test('lets an action save to the cache what the action of the next job restores', async () => {
    await using service = await CacheService.start();
    const cache = { url: service.url, token: service.token() };
    const library = import.meta.resolve('@actions/cache');
    using action = new ActionFolder(
      `import { restoreCache, saveCache } from ${JSON.stringify(library)};
       import { writeFileSync } from 'node:fs';
       const file = process.env.RUNNER_TEMP + '/hot';
       writeFileSync(file, 'hot');
       console.log('key', await restoreCache(['hot'], 'key'), 'id', await saveCache(['hot'], 'key'));`.replaceAll(
        "['hot']",
        '[file]',
      ),
    );
    const dir = mkdtempSync(join(tmpdir(), 'lazypull-job-'));
    try {
      const says = async (): Promise<string | undefined> => {
        await using job = await runJob({ dir, cache, steps: [{ id: 'act', uses: action.path }] });
        return job.step('act').stdout.split('\n').at(-1);
      };
      assert.equal(await says(), 'key undefined id 1');
      assert.equal(await says(), 'key key id -1');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  test('starts processes where it is told to, with the paths of that place', async () => {
    const seen: string[] = [];
    const execute: Execute = async (command, options) => {
      seen.push(...command, options.cwd, ...Object.values(options.env));
      return { status: 0, stdout: '::set-output name=a::1\n', stderr: '' };
    };
    await using job = await runJob({
      execute,
      node: '/inside/node',
      toInside: (path) => `/inside${path}`,
      env: { PATH: '/bin' },
      steps: [{ id: 'act', uses: FIXTURE }, { run: 'true' }],
    });
    assert.deepEqual(seen.slice(0, 2), ['/inside/node', `/inside${FIXTURE}/main.ts`]);
    assert.equal(job.step('act').outputs['a'], '1');
    assert.deepEqual(
      seen.filter((value) => value.startsWith(job.dir)),
      [],
    );
  });

  test('gives its files to the one who runs the steps', { skip: needs('root') }, async () => {
    const owner = { uid: 65_534, gid: 65_534 };
    const asOwner: Execute = (command, options) =>
      executeLocally(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command], options);
    const dir = mkdtempSync(join(tmpdir(), 'lazypull-job-'));
    try {
      // mkdtemp makes a folder that only root may enter.
      await executeLocally(['chmod', '755', dir], { env: { PATH: process.env['PATH'] ?? '' }, cwd: '/' });
      await using job = await runJob({
        dir,
        owner,
        execute: asOwner,
        steps: [{ id: 'a', run: 'id -u; echo o=1 > "$GITHUB_OUTPUT"; touch made "$HOME/made" "$RUNNER_TEMP/made"' }],
      });
      assert.equal(job.conclusion, 'success', job.log);
      assert.equal(job.step('a').stdout, '65534');
      assert.deepEqual(job.step('a').outputs, { o: '1' });
      assert.equal(statSync(join(job.workspace, 'made')).uid, 65_534);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  test('kills what a step left behind in its name, and nothing else', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lazypull-job-'));
    const detached = (id: string, env: string): string =>
      `${env} setsid sleep 1000 > /dev/null 2>&1 < /dev/null & echo $! > ${dir}/${id}`;
    let spared = 0;
    try {
      mkdirSync(join(dir, 'home'));
      await using job = await runJob({
        dir,
        steps: [{ run: detached('orphan', '') }, { run: detached('daemon', 'RUNNER_TRACKING_ID=') }],
      });
      spared = Number(readFileSync(join(dir, 'daemon'), 'utf8'));
      const [orphan, ...others] = job.orphans;
      assert.equal(orphan?.pid, Number(readFileSync(join(dir, 'orphan'), 'utf8')));
      assert.equal(orphan?.command, 'sleep 1000');
      assert.deepEqual(others, []);
      assert.ok(process.kill(spared, 0));
    } finally {
      if (spared !== 0) process.kill(spared, 'SIGKILL');
      rmSync(dir, { recursive: true });
    }
  });

  test('leaves alone what others than the one who runs the steps have started', { skip: needs('root') }, async () => {
    const id = `github_${process.pid}`;
    const env = { PATH: process.env['PATH'] ?? '', RUNNER_TRACKING_ID: id };
    const child = spawn('sleep', ['1000'], { env, stdio: 'ignore' });
    await once(child, 'spawn');
    assert.deepEqual(endOrphans(id, 65_534), []);
    assert.equal(child.exitCode, null);
    const ended = once(child, 'exit');
    assert.deepEqual(
      endOrphans(id, 0).map(({ pid }) => pid),
      [child.pid],
    );
    assert.deepEqual(await ended, [null, 'SIGKILL']);
  });

  test('starts no job whose action can not be read, and leaves no folder', async () => {
    using action = new ActionFolder('', undefined, ['pre: pre.mjs']);
    const ran: string[] = [];
    const execute: Execute = async (command) => {
      ran.push(...command);
      return { status: 0, stdout: '', stderr: '' };
    };
    const steps = (uses: string) => [{ run: 'true' }, { uses }];
    await assert.rejects(runJob({ execute, steps: steps(action.path) }), /action\.yml: runs\.pre is not run/);
    await assert.rejects(runJob({ execute, steps: steps('/nowhere') }), /\/nowhere\/action\.yml/);
    assert.deepEqual(ran, []);
  });

  test('removes a folder that it made, and keeps one that it was given', async () => {
    const run = async (options: Partial<JobOptions>): Promise<JobResult> => {
      await using job = await runJob({ ...options, steps: [{ run: 'true' }] });
      return job;
    };
    const made = await run({});
    assert.throws(() => statSync(made.dir), /ENOENT/);
    const dir = mkdtempSync(join(tmpdir(), 'lazypull-job-'));
    assert.ok(statSync((await run({ dir })).dir).isDirectory());
    rmSync(dir, { recursive: true });
  });

  test('fails a step whose program is not there', async () => {
    await using job = await runJob({ steps: [{ id: 'a', shell: '/no/such/shell {0}', run: 'true' }] });
    assert.deepEqual([job.step('a').status, job.conclusion], [127, 'failure']);
    assert.match(job.step('a').stderr, /ENOENT/);
  });
});
