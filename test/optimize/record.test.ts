// Workloads under runc on real mounts, and what is recorded of them. Each runs as a process of its own, as for a user.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { rangesSize } from '../../src/optimize/ranges.ts';
import { file } from '../support/entries.ts';
import { needs, toolsDir } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { filesBelow, leftovers, MAIN, record, startRecording } from '../support/recording.ts';
import { run as command } from '../support/run.ts';
import { until } from '../support/until.ts';
import { BIG_BYTES, buildLayers, buildWorkloadImage, workloadLayers } from '../support/workload-image.ts';

/** The recorder reads ahead by 16 KiB, to both sides for mapped files. */
const READ_AHEAD = 16 << 10;

suite('recording a workload', { skip: needs('root', 'fuse', 'erofs', 'runc', 'busybox', 'unshare') }, () => {
  let work = '';
  let layout = '';
  let diffIds: string[] = [];

  before(async () => {
    work = mkdtempSync(join(tmpdir(), 'lazypull-record-test-'));
    layout = join(work, 'image');
    mkdirSync(join(work, 'tmp'));
    await buildWorkloadImage(layout, { Cmd: ['md5sum', '/data/b'] });
    const config = JSON.parse(readFileSync(readLayout(layout).config.path, 'utf8')) as {
      rootfs: { diff_ids: string[] };
    };
    diffIds = config.rootfs.diff_ids;
  });
  after(() => {
    assert.deepEqual(leftovers(work), []);
    rmSync(work, { recursive: true, force: true });
  });

  const run = (...args: string[]): ReturnType<typeof record> => record(layout, work, args);
  /** What a shell script wrote, with the flags before it. */
  const output = async (flags: readonly string[], script: string): Promise<string> =>
    (await run(...flags, '--', 'sh', '-c', script)).stderr;

  test('files stand in the order in which they were first read, whole files with their whole range', async () => {
    const { profile, stderr } = await run('--', 'md5sum', '/data/c', '/data/a', '/data/b', '/data/a');
    assert.match(stderr, /  \/data\/c\n.*  \/data\/a\n/);
    assert.deepEqual(
      filesBelow(profile, 'data/').map(({ path, size, ranges }) => [path, size, ranges]),
      [
        ['data/c', 12_345, [[0, 12_345]]],
        ['data/a', 5000, [[0, 5000]]],
        ['data/b', 4096, [[0, 4096]]],
      ],
    );
    assert.deepEqual(profile.layers, diffIds);
    assert.deepEqual(profile.workloads[0]?.command, ['md5sum', '/data/c', '/data/a', '/data/b', '/data/a']);
    assert.equal(profile.image?.digest, readLayout(layout).manifest.digest);
    assert.equal(profile.image?.name, `oci:${layout}`);
  });

  test('a file that nobody reads is not there, an empty one neither', async () => {
    const { profile } = await run('--', 'sh', '-c', 'ls -l /data >/dev/null; cat /data/empty; echo /data/*');
    assert.deepEqual(filesBelow(profile, 'data/'), []);
  });

  test('a read inside a large file is recorded as that part of it', async () => {
    const script = `dd if=/data/big of=/dev/null bs=4096 skip=1000 count=64`;
    const { profile } = await run('--', 'sh', '-c', script);
    const [big, ...more] = filesBelow(profile, 'data/');
    assert.equal(big?.size, BIG_BYTES);
    assert.deepEqual(more, []);
    const [range, ...others] = big?.ranges ?? [];
    assert.deepEqual(others, []);
    const [start = 0, end = 0] = range ?? [];
    assert.ok(start <= 1000 * 4096 && start >= 1000 * 4096 - READ_AHEAD, `${start}`);
    assert.ok(end >= 1064 * 4096 && end <= 1064 * 4096 + 2 * READ_AHEAD, `${end}`);
  });

  test('a program that is mapped is recorded in parts, and before what it reads', async () => {
    const { profile } = await run('--', 'md5sum', '/data/b');
    const order = profile.files.map(({ path }) => path);
    assert.ok(order.indexOf('bin/busybox') < order.indexOf('data/b'), order.join());
    const busybox = profile.files.find(({ path }) => path === 'bin/busybox');
    assert.ok(rangesSize(busybox!.ranges) < busybox!.size, 'busybox is read in parts');
    assert.equal(busybox!.ranges[0]?.[0], 0);
  });

  test('a hard link is the file that it names, a symlink the one at its end', async () => {
    const { profile } = await run('--', 'md5sum', '/data/second', '/data/link-1');
    assert.deepEqual(
      filesBelow(profile, 'data/').map(({ path, layer }) => [path, diffIds.indexOf(layer)]),
      [
        ['data/first', 1],
        ['data/c', 0],
      ],
    );
  });

  test('a file is recorded in the layer that a container sees it from', async () => {
    const { profile, stderr } = await run(
      '--',
      'sh',
      '-c',
      'cat /data/replaced /data/opaque/*; ls /data/deleted || true',
    );
    assert.match(stderr, /on top\nin the middle\n/);
    assert.match(stderr, /\/data\/deleted: No such file/);
    assert.deepEqual(
      filesBelow(profile, 'data/').map(({ path, layer }) => [path, diffIds.indexOf(layer)]),
      [
        ['data/replaced', 2],
        ['data/opaque/shown', 1],
      ],
    );
  });

  test('what the workload writes and reads again is no read of the image', async () => {
    const { profile } = await run(
      '--',
      'sh',
      '-c',
      'echo new >/data/new; cat /data/new; echo x >>/data/b; cat /data/b >/dev/null',
    );
    // /data/b was copied up whole, for which it had to be read.
    assert.deepEqual(
      filesBelow(profile, 'data/').map(({ path }) => path),
      ['data/b'],
    );
  });

  test("without a command the image's own runs", async () => {
    const { profile, stderr } = await run();
    assert.match(stderr, /  \/data\/b\n/);
    assert.deepEqual(profile.workloads[0]?.command, ['md5sum', '/data/b']);
  });

  test('two recordings of a workload have the same files in the same order', async () => {
    const [a, b] = [await run(), await run()];
    const plain = ({ profile }: typeof a): unknown[] => profile.files.map(({ path, layer }) => [path, layer]);
    assert.deepEqual(plain(a), plain(b));
  });

  test('loop devices, where there is no file-backed EROFS, record the same', async () => {
    const files = async (tier: string): Promise<string[]> => {
      const { profile } = await run('--tier', tier, '--', 'md5sum', '/data/c', '/data/a');
      return profile.files.map(({ path }) => path);
    };
    assert.deepEqual(await files('B'), await files('A'));
  });

  suite('flags', () => {
    test('users are names or numbers of the image, with their groups', async () => {
      assert.match(
        await output(['-u', 'app'], 'id'),
        /uid=1000\(app\) gid=1001\(app\) groups=1001\(app\),2000\(extra\)/,
      );
      assert.match(await output(['-u', 'app:staff'], 'id'), /uid=1000\(app\) gid=3000\(staff\) groups=3000\(staff\)/);
      assert.match(await output(['--user', '77:88'], 'id'), /uid=77 gid=88/);
      assert.match(await output([], 'id'), /uid=0\(root\) gid=0\(root\)/);
    });

    test('a user that the image does not have is an error', async () => {
      const { status, stderr, profile } = await startRecording(layout, work, ['-u', 'nobody-here']).done;
      assert.equal(status, 2);
      assert.match(stderr, /the image has no user "nobody-here"\n {2}Use a number/);
      assert.equal(profile, undefined);
    });

    test("the environment is the image's, then the file's, then the flags'", async () => {
      const envFile = join(work, 'env');
      writeFileSync(envFile, '# a comment\nFROM_FILE=yes\nBOTH=file\n');
      const flags = ['--env-file', envFile, '-e', 'BOTH=flag', '-e', 'WITH=a=b c', '-e', 'LAZYPULL_NOT_SET'];
      const text = await output(flags, 'env');
      for (const line of [
        'FROM_IMAGE=yes',
        'FROM_FILE=yes',
        'BOTH=flag',
        'WITH=a=b c',
        'PATH=/bin',
        'HOSTNAME=lazypull',
      ]) {
        assert.ok(text.split('\n').includes(line), `${line} in ${text}`);
      }
      assert.doesNotMatch(text, /LAZYPULL_NOT_SET|BOTH=file/);
    });

    test('the working directory, made when it is not there', async () => {
      assert.match(await output(['-w', '/data'], 'pwd'), /^\/data$/m);
      assert.match(await output(['--cwd', '/made/now'], 'pwd'), /^\/made\/now$/m);
      assert.match(await output([], 'pwd'), /^\/$/m);
    });

    test("an entrypoint takes the command after it, and hides the image's own", async () => {
      assert.match((await run('--entrypoint', 'echo', '--', 'one', 'two')).stderr, /^one two$/m);
      assert.match((await run('--entrypoint', '["echo","three"]')).stderr, /^three$/m);
      assert.match((await run('--args', '["echo","four"]')).stderr, /^four$/m);
    });

    test('bind mounts, read-only ones and tmpfs', async () => {
      const source = join(work, 'mounted');
      mkdirSync(source, { recursive: true });
      writeFileSync(join(source, 'file'), 'from the host\n');
      const flags = [
        '-v',
        `${source}:/v`,
        '--mount',
        `type=bind,src=${source},dst=/m,ro`,
        '--mount',
        'type=tmpfs,dst=/t',
      ];
      const text = await output(
        flags,
        'cat /v/file /m/file; echo ok >/v/new; touch /m/x || echo refused; grep " /t " /proc/mounts',
      );
      assert.match(text, /from the host\nfrom the host\n/);
      assert.match(text, /refused/);
      assert.match(text, /tmpfs \/t tmpfs/);
      assert.equal(readFileSync(join(source, 'new'), 'utf8'), 'ok\n');
      const missing = await startRecording(layout, work, ['-v', `${work}/not-there:/x`]).done;
      assert.equal(missing.status, 2);
      assert.match(missing.stderr, /there is nothing to mount at/);
    });

    test("no network but the loopback, or the host's", async () => {
      const script = 'cat /proc/net/dev | grep -c :; cat /sys/class/net/lo/operstate >/dev/null && echo up';
      assert.match(await output([], script), /^1\nup$/m);
      const own = readFileSync('/proc/net/dev', 'utf8').split(':').length - 1;
      assert.match(await output(['--net', 'host'], script), new RegExp(`^${own}\nup$`, 'm'));
    });

    test('host names, hosts and name servers', async () => {
      const flags = [
        '--hostname',
        'box',
        '--add-host',
        'db:10.1.2.3',
        '--dns',
        '10.9.9.9',
        '--dns-search',
        'example.test',
      ];
      const text = await output(flags, 'hostname; cat /etc/hosts /etc/resolv.conf /etc/hostname');
      assert.match(text, /^box$/m);
      assert.match(text, /^10\.1\.2\.3\tdb$/m);
      assert.match(text, /^127\.0\.0\.1\tlocalhost$/m);
      assert.match(text, /^nameserver 10\.9\.9\.9\nsearch example\.test$/m);
    });
  });

  suite('machines', () => {
    test('a temporary folder with a name that overlayfs would take apart', async () => {
      const odd = join(work, 'a:b,c d');
      mkdirSync(join(odd, 'tmp'), { recursive: true });
      const { profile, stderr } = await record(layout, odd, ['--', 'sh', '-c', 'echo x >/new; cat /data/a >/dev/null']);
      assert.deepEqual(
        filesBelow(profile, 'data/').map(({ path }) => path),
        ['data/a'],
        stderr,
      );
    });

    test('a temporary folder on an overlayfs, as in a container', async () => {
      const [lower, upper, inner, merged] = ['lower', 'upper', 'inner', 'merged'].map((name) => join(work, 'ov', name));
      for (const folder of [lower, upper, inner, merged]) mkdirSync(folder!, { recursive: true });
      await command('mount', [
        '-t',
        'overlay',
        '-o',
        `lowerdir=${lower},upperdir=${upper},workdir=${inner}`,
        'ov',
        merged!,
      ]);
      try {
        mkdirSync(join(merged!, 'tmp'));
        const { profile } = await record(layout, merged!, [
          '--',
          'sh',
          '-c',
          'echo x >/new; cat /new /data/a >/dev/null',
        ]);
        assert.deepEqual(
          filesBelow(profile, 'data/').map(({ path }) => path),
          ['data/a'],
        );
      } finally {
        await command('umount', [merged!]);
      }
    });

    test('a full disk is told as such, not as a failure of the workload', async () => {
      const small = join(work, 'small');
      mkdirSync(small);
      await command('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'small', small]);
      try {
        mkdirSync(join(small, 'tmp'));
        const { status, stderr, profile } = await startRecording(layout, small, [
          '--',
          'md5sum',
          '/data/big',
          '/data/a',
        ]).done;
        assert.equal(status, 1);
        assert.match(stderr, /lazypull: .*ENOSPC/);
        assert.equal(profile, undefined);
        assert.deepEqual(readdirSync(join(small, 'tmp')), []);
      } finally {
        await command('umount', [small]);
      }
    });

    test('without root, without runc, for another processor: each says what to do', async () => {
      const cli = [process.execPath, MAIN, 'optimize', `oci:${layout}`, '--record-out', join(work, 'none.json')];
      const asUser = await command('unshare', ['--user', ...cli], { check: false });
      assert.equal(asUser.status, 2);
      assert.match(asUser.stderr, /recording needs root: it mounts the image\n  Use sudo/);
      const withoutRunc = await startRecording(layout, work, ['--runtime', '/no/such/runc']).done;
      assert.equal(withoutRunc.status, 2);
      assert.match(withoutRunc.stderr, /recording needs \/no\/such\/runc, which is not there\n  Install runc/);
      const foreign = join(work, 'foreign');
      await buildWorkloadImage(foreign, {}, process.arch === 's390x' ? 'amd64' : 's390x');
      const other = await startRecording(foreign, work, ['--', 'true']).done;
      assert.equal(other.status, 2);
      assert.match(other.stderr, /can't run an image for linux\/s390x\n  Record it on such a machine/);
    });

    test('standard input reaches the workload when that was asked for', async () => {
      const cli = [MAIN, 'optimize', `oci:${layout}`, '--record-out', join(work, 'stdin.json')];
      const env = {
        ...process.env,
        TMPDIR: join(work, 'tmp'),
        PATH: `${join(toolsDir, 'bin')}:${process.env['PATH']}`,
      };
      const given = await command(process.execPath, [...cli, '-i', '--', 'cat'], { input: 'from outside\n', env });
      assert.match(given.stderr, /from outside/);
      const not = await command(process.execPath, [...cli, '--', 'cat'], { input: 'from outside\n', env });
      assert.doesNotMatch(not.stderr, /from outside/);
    });

    test('an image of 120 layers', async () => {
      const many = join(work, 'many');
      const layers = Array.from({ length: 117 }, (_, index) => [file(`many/${index}`, `${index}\n`)]);
      await buildLayers(many, [...workloadLayers(), ...layers], {});
      const { profile } = await record(many, work, ['--', 'sh', '-c', 'cat /many/116 /many/0 >/dev/null']);
      assert.deepEqual(
        filesBelow(profile, 'many/').map(({ path }) => path),
        ['many/116', 'many/0'],
      );
    });
  });

  suite('the end of a recording', () => {
    test('a period ends a workload that goes on', async () => {
      const { profile, stderr, status } = await run(
        '--period',
        '0.5',
        '--',
        'sh',
        '-c',
        'cat /data/a >/dev/null; sleep 60; cat /data/b',
      );
      assert.equal(status, 0);
      assert.match(stderr, /recording ends: its time is over/);
      assert.deepEqual(
        filesBelow(profile, 'data/').map(({ path }) => path),
        ['data/a'],
      );
      assert.ok(profile.workloads[0]!.durationMs >= 500);
    });

    test('a line ends it, wherever it is written to', async () => {
      for (const to of ['1', '2']) {
        const script = `cat /data/a >/dev/null; echo now listening on 80 >&${to}; sleep 60`;
        const { profile, stderr } = await run('--wait-on-line', 'listening on', '--', 'sh', '-c', script);
        assert.match(stderr, /now listening on 80/);
        assert.match(stderr, /recording ends: the line came/);
        assert.deepEqual(
          filesBelow(profile, 'data/').map(({ path }) => path),
          ['data/a'],
        );
      }
    });

    test('a line ends it also when nobody reads the output any more', async () => {
      const script = 'for i in 1 2 3 4; do echo x; sleep 0.2; done; cat /data/a >/dev/null; echo ready; sleep 100';
      const { child, done } = startRecording(layout, work, ['--wait-on-line', 'ready', '--', 'sh', '-c', script]);
      child.stderr?.once('data', () => child.stderr?.destroy());
      const { status, profile } = await done;
      assert.equal(status, 0);
      assert.deepEqual(
        filesBelow(profile!, 'data/').map(({ path }) => path),
        ['data/a'],
      );
    });

    test('a line that does not come in time is an error', async () => {
      const args = ['--wait-on-line', 'listening', '--period', '300ms', '--', 'sleep', '60'];
      const { status, stderr, profile } = await startRecording(layout, work, args).done;
      assert.equal(status, 1);
      assert.match(stderr, /no line with "listening" within 0.3 s/);
      assert.equal(profile, undefined);
    });

    test('a signal ends it when that was asked for', async () => {
      const recording = startRecording(layout, work, [
        '--wait-on-signal',
        '--',
        'sh',
        '-c',
        'cat /data/a >/dev/null; echo ready; sleep 60',
      ]);
      await recording.says('ready');
      recording.child.kill('SIGINT');
      const { status, profile, stderr } = await recording.done;
      assert.equal(status, 0, stderr);
      assert.match(stderr, /recording ends: you ended it/);
      assert.deepEqual(
        filesBelow(profile!, 'data/').map(({ path }) => path),
        ['data/a'],
      );
    });

    test('a signal that was not asked for aborts, and nothing is left', async () => {
      const recording = startRecording(layout, work, ['--', 'sh', '-c', 'echo ready; sleep 60']);
      await recording.says('ready');
      recording.child.kill('SIGTERM');
      const { status, profile, stderr } = await recording.done;
      assert.equal(status, 130, stderr);
      assert.equal(profile, undefined);
      assert.deepEqual(leftovers(work), []);
    });

    test('a workload that handles the stop signal may end by itself, and reads no more for the profile', async () => {
      const script =
        'trap "cat /data/b >/dev/null; echo goodbye; exit 3" TERM; echo ready; while true; do sleep 0.1; done';
      const { stderr, profile, status } = await run('--wait-on-line', 'ready', '--', 'sh', '-c', script);
      assert.equal(status, 0);
      assert.match(stderr, /goodbye/);
      assert.deepEqual(filesBelow(profile, 'data/'), []);
    });

    test('a workload that fails is an error, unless that was asked for', async () => {
      const failing = ['--', 'sh', '-c', 'cat /data/a >/dev/null; exit 7'];
      const { status, stderr, profile } = await startRecording(layout, work, failing).done;
      assert.equal(status, 1);
      assert.match(stderr, /the workload failed with status 7; --ignore-exit/);
      assert.equal(profile, undefined);
      const ignored = await run('--ignore-exit', ...failing);
      assert.equal(ignored.status, 0);
      assert.deepEqual(
        filesBelow(ignored.profile, 'data/').map(({ path }) => path),
        ['data/a'],
      );
    });

    test('a signal that comes before the workload has started ends it all the same', async () => {
      const recording = startRecording(layout, work, ['--wait-on-signal', '--', 'sleep', '12347']);
      await recording.says('reading 3 layers');
      recording.child.kill('SIGINT');
      const { status, stderr } = await recording.done;
      assert.equal(status, 0, stderr);
      assert.match(stderr, /recording ends: you ended it/);
      await gone('sleep 12347');
    });

    test('a command that is not there is told as such', async () => {
      const { status, stderr } = await startRecording(layout, work, ['--ignore-exit', '--', '/no/such/program']).done;
      assert.equal(status, 2);
      assert.match(stderr, /could not be started: .*\/no\/such\/program/);
    });

    test('a recorder that is killed takes workload and mounts with it', async () => {
      const recording = startRecording(layout, work, ['--', 'sh', '-c', 'echo ready; sleep 12345']);
      await recording.says('ready');
      const recorder = Number(
        readFileSync(`/proc/${recording.child.pid}/task/${recording.child.pid}/children`, 'utf8').trim(),
      );
      const inner = Number(readFileSync(`/proc/${recorder}/task/${recorder}/children`, 'utf8').trim());
      process.kill(inner, 'SIGKILL');
      const { status, stderr } = await recording.done;
      assert.equal(status, 1);
      assert.match(stderr, /the recorder ended unexpectedly/);
      assert.deepEqual(leftovers(work), []);
    });

    test('a command that is killed leaves no process and no mount, and the next one removes its files', async () => {
      const recording = startRecording(layout, work, ['--', 'sh', '-c', 'echo ready; sleep 12346']);
      await recording.says('ready');
      recording.child.kill('SIGKILL');
      await recording.done;
      await gone('sleep 12346');
      assert.notDeepEqual(leftovers(work), []);
      await run();
      assert.deepEqual(leftovers(work), []);
    });
  });
});

/** Waits until no process has this command line. */
async function gone(commandLine: string): Promise<void> {
  await until(() => {
    return !readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => readCommandLine(pid).includes(commandLine));
  }, `the end of ${commandLine}`);
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
