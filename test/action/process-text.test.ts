import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { environmentFile, isRunning, lastLines, parseStat, propertiesOf } from '../../action/process-text.ts';

suite('the environment as a file', () => {
  test('sh reads every value as it was, whatever is in it', () => {
    const values = {
      PLAIN: 'a',
      EMPTY: '',
      QUOTES: `"double" 'single' \`tick\``,
      DOLLAR: '$HOME ${HOME} $(id)',
      BACK: 'a\\b\\\\c\\n \\$ \\"',
      LINES: 'one\ntwo\n#three',
      SIGNS: '; & | > < * ? ~ ! % =',
    };
    const dir = mkdtempSync(join(tmpdir(), 'lazypull-env-'));
    try {
      const file = join(dir, 'env');
      writeFileSync(file, environmentFile(values));
      const print = `process.stdout.write(JSON.stringify(process.env))`;
      const script = ['-c', 'set -a; . "$1"; shift; exec "$@"', 'sh', file, process.execPath, '-e', print];
      const { stdout } = spawnSync('sh', script, { env: {}, encoding: 'utf8' });
      const { PWD: _, OLDPWD: __, SHLVL: ___, ...read } = JSON.parse(stdout) as Record<string, string>;
      assert.deepEqual(read, values);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  for (const name of ['', '1A', 'A B', 'A=B', 'A;id', 'A\nB']) {
    test(`${JSON.stringify(name)} is no name, and the error does not have the value`, () => {
      assert.throws(
        () => environmentFile({ [name]: 'hidden' }),
        (error: Error) => !error.message.includes('hidden'),
      );
    });
  }

  test('a zero byte is refused', () => {
    assert.throws(() => environmentFile({ A: 'x\0y' }), { code: 'INVALID_ARGUMENT' });
  });
});

suite('properties of a unit', () => {
  const facts = {
    notify: false,
    delegate: false,
    restart: false,
    logPath: '/l',
    environment: '/e',
    stopSec: 7,
    readyMs: 1500,
  };
  const full = 'Name:\tsystemd\nCapEff:\t000001ffffffffff\n';

  test('the kind, the limits, the log and the environment', () => {
    assert.deepEqual(propertiesOf({ ...facts, init: full }), [
      '--property=Type=exec',
      '--property=KillMode=mixed',
      '--property=TimeoutStartSec=2',
      '--property=TimeoutStopSec=7',
      '--property=TasksMax=infinity',
      '--property=LimitNOFILE=1048576',
      '--property=OOMScoreAdjust=-999',
      '--property=EnvironmentFile=/e',
      '--property=StandardOutput=append:/l',
      '--property=StandardError=append:/l',
    ]);
  });

  test('a program that notifies and makes cgroups', () => {
    const properties = propertiesOf({ ...facts, notify: true, delegate: true, init: full });
    assert.ok(properties.includes('--property=Type=notify'));
    assert.ok(properties.includes('--property=Delegate=yes'));
  });

  test('a program that is started again when it dies', () => {
    const properties = propertiesOf({ ...facts, restart: true, init: full });
    assert.ok(properties.includes('--property=Restart=on-failure'));
    assert.ok(properties.includes('--property=RestartSec=200ms'));
  });

  for (const init of ['CapEff:\t00000000a80425fb\n', '']) {
    test(`a systemd that may not raise limits is not asked to (${JSON.stringify(init)})`, () => {
      assert.doesNotMatch(propertiesOf({ ...facts, init }).join(' '), /LimitNOFILE|OOMScoreAdjust/);
    });
  }
});

suite('/proc/PID/stat', () => {
  const stat = (name: string, state: string): string =>
    `12 (${name}) ${state} 1 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 1\n`;

  for (const name of ['node', 'a b', 'x) R 1 (y', '))']) {
    test(`state and start time behind the name ${JSON.stringify(name)}`, () => {
      assert.deepEqual(parseStat(stat(name, 'S')), { state: 'S', startTicks: '987654' });
    });
  }

  test('what is no stat is undefined', () => {
    for (const text of ['', 'x', '12 (node) S 1']) assert.equal(parseStat(text), undefined);
  });

  test('a process runs as long as it is the same one and no zombie', () => {
    const id = { pid: 12, startTicks: '987654' };
    assert.equal(isRunning(stat('node', 'S'), id), true);
    assert.equal(isRunning(stat('node', 'Z'), id), false);
    assert.equal(isRunning(stat('node', 'X'), id), false);
    assert.equal(isRunning(stat('node', 'S'), { ...id, startTicks: '987655' }), false);
    assert.equal(isRunning('', id), false);
  });
});

test('the last lines are those with something on them', () => {
  assert.equal(lastLines('one\n\ntwo\n  \nthree\n\n', 2), 'two\nthree');
  assert.equal(lastLines('', 2), '');
  assert.equal(lastLines('x'.repeat(600), 1).length, 500);
});
