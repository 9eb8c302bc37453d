import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseDockerd, readDockerd } from '../../../action/engine/dockerd.ts';
import { fakeHost } from '../../support/fake-host.ts';

const words = (...args: string[]): string => ['/usr/sbin/dockerd', ...args, ''].join('\0');

suite('the dockerd that runs', () => {
  test('has its configuration at the usual place, or where a flag says', () => {
    const usual = parseDockerd(words('-H', 'fd://', '--containerd=/run/containerd/containerd.sock'), 'PATH=/bin\0');
    assert.deepEqual(usual, {
      configPath: '/etc/docker/daemon.json',
      containerd: '/run/containerd/containerd.sock',
      obstacle: undefined,
    });
    for (const args of [['--config-file', '/opt/d.json'], ['--config-file=/opt/d.json']])
      assert.deepEqual(parseDockerd(words(...args), ''), {
        configPath: '/opt/d.json',
        containerd: undefined,
        obstacle: undefined,
      });
  });

  const obstacles: readonly (readonly [args: string[], environment: string, obstacle: RegExp])[] = [
    [['--storage-driver', 'overlay2'], '', /--storage-driver/],
    [['--storage-driver=overlay2'], '', /--storage-driver/],
    [['-s', 'overlay2'], '', /-s$/],
    [['--feature', 'a=true'], '', /--feature/],
    [['--live-restore'], '', /--live-restore/],
    [[], 'A=1\0DOCKER_DRIVER=overlay2\0', /DOCKER_DRIVER/],
  ];
  for (const [args, environment, obstacle] of obstacles) {
    test(`can't be told by its file with ${[...args, environment].join(' ')}`, () => {
      assert.match(parseDockerd(words(...args), environment).obstacle ?? '', obstacle);
    });
  }

  test('can be told with flags that only look alike', () => {
    assert.equal(
      parseDockerd(words('--storage-opt', 'a=b', '--swarm-default-advertise-addr=x'), 'XDOCKER_DRIVER=a').obstacle,
      undefined,
    );
  });

  test('is found by its unit, and is none when that does not run', async () => {
    const files = { '/proc/77/cmdline': words('--config-file=/a.json'), '/proc/77/environ': '' };
    const answers = (pid: string): [RegExp, string][] => [[/MainPID --value docker\.service$/, `${pid}\n`]];
    const { host } = fakeHost({ files, answers: answers('77') });
    assert.equal((await readDockerd(host, 'docker.service'))?.configPath, '/a.json');
    for (const pid of ['0', '78', ''])
      assert.equal(await readDockerd(fakeHost({ files, answers: answers(pid) }).host, 'docker.service'), undefined);
  });
});
